import { defineConfig } from 'vitest/config'
import { CountReporter } from './scripts/testing/count-reporter.js'

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'bench/**/*.test.ts', 'e2e/**/*.test.ts'],
    reporters: ['default', new CountReporter()],
    // A process a file: TensorFlow cannot be unloaded. Two at a time: each brings threads of its own.
    // Else Vitest leaves style sheets empty, also where they are read as text.
    css: { include: [/src\/report\//] },
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
