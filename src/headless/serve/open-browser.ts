import open from 'open'

/** Asks the system to show `url`. Never throws: the address is printed as well. */
export async function openBrowser(url: string): Promise<void> {
  try {
    const child = await open(url)
    child.on('error', () => {})
    child.unref()
  } catch {
    // No browser, or nothing that starts one.
  }
}
