import { writeSync } from 'node:fs'
import { hostBond } from '../host-bond.js'

/** Started by tests: says its pid once it is bound to its host, then spins, and never looks at anything again. */
writeSync(1, `${process.pid}\n`)
if (process.argv[2] === 'return') await hostBond.stop()
else for (;;);
