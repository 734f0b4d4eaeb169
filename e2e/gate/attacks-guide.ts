import { attacks } from './attacks.js'
import { hostilePageAttacks } from './hostile-pages.js'
import { requestAttacks } from './requests.js'

/** `docs/guide/attacks.md`: what the suite tries, in words. */
export function attacksGuide(): string {
  return `# Attacks that the tests try

Made from the tables in \`e2e/gate\`, which \`npm test\` runs against the built web host. What Tandem promises against
whom is in [SECURITY.md](../../SECURITY.md).

## One request

${table(
  ['Who', 'Tries', 'Answer'],
  requestAttacks.map(({ who, what, refusedWith }) => [
    who,
    what,
    refusedWith === null ? 'closed' : `${refusedWith}`,
  ]),
)}

## More than one request

${table(
  ['Who', 'Tries', 'What holds'],
  attacks.map(({ who, what, holds }) => [who, what, holds]),
)}

## Pages in the same browser

${table(
  ['Who', 'Tries', 'What holds'],
  hostilePageAttacks.map(({ who, what, holds }) => [who, what, holds]),
)}
`
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}
