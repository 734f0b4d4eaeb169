/**
 * What Electron loads that a bare Debian or Ubuntu lacks, by both of the names that it has had. The last one it opens
 * only when it runs, and ends without a word where it is missing.
 */
export const depends = [
  'libgtk-3-0t64 | libgtk-3-0',
  'libnss3',
  'libasound2t64 | libasound2',
  'libgbm1',
  'libx11-xcb1',
]

/** Opens links and installs the engine; Tandem says so where they are missing. */
export const recommends = ['xdg-utils', 'python3-pip']
