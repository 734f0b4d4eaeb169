import { userFolder } from '../user-folders.js'

/**
 * Where Tandem keeps runs and downloaded data sets: `TANDEM_DATA_DIR`, else the platform's folder for user data. Throws
 * `no-home`.
 */
export function dataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return userFolder('data', environment)
}
