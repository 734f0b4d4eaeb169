/** Of the package in this folder, which only those who fetch this Electron install: types are checked without it. */
declare module '@electron/asar' {
  export function createPackage(source: string, destination: string): Promise<void>
}
