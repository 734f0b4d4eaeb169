import { createOneCoreBackend } from './one-core.js'

/* How long loading TensorFlow and starting its context takes: LIBRARY_DIR. Prints it as JSON. */

const startedAt = performance.now()
const backend = await createOneCoreBackend(process.argv[2] ?? '')
const engineLoadMs = performance.now() - startedAt
backend.dispose()
console.log(JSON.stringify({ engineLoadMs }))
