import { resolve } from 'node:path'
import envPaths from 'env-paths'

/** Where Tandem keeps downloaded data sets: `TANDEM_DATA_DIR`, else the platform's folder for user data. */
export function dataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment.TANDEM_DATA_DIR
  return chosen ? resolve(chosen) : envPaths('tandem', { suffix: '' }).data
}
