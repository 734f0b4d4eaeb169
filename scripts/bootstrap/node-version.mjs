// Read before anything else: it must load in versions of Node that Tandem itself does not run on.

const oldest = { major: 20, minor: 19 }

/**
 * Why Tandem cannot run on this Node, or null when it can.
 *
 * @param {string} version as in `process.versions.node`
 * @returns {string | null}
 */
export function refuseNodeVersion(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return null
  return (
    `Tandem needs Node ${oldest.major}.${oldest.minor} or newer; this is Node ${version}.\n` +
    'Install a current release from https://nodejs.org, or with your version manager (`nvm install 24`).'
  )
}

/** Ends the process with one clear message where Node is too old. */
export function requireNodeVersion() {
  const refusal = refuseNodeVersion(process.versions.node)
  if (refusal === null) return
  console.error(refusal)
  process.exit(1)
}
