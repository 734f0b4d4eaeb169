import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { type SettingGroup, settingGroups } from '../../src/shared/domain/settings/setting.js'
import { type SettingName, settingNames, settingOf } from '../../src/shared/domain/settings/settings.js'
import { capitalised } from '../../src/shared/text/format.js'
import { markdownTable } from '../../src/shared/text/markdown.js'

const guide = fileURLToPath(new URL('../../docs/guide/settings.md', import.meta.url))

const introduction = `# Settings

What a run can be told, on the command line and in the dashboard's form. \`tandem run --help\` says the same.

\`--preset quick\` and \`--preset notebook\` choose a value for every setting; any flag beside them overrides one. Without
a preset a run starts from the notebook's values. \`tandem ddp\` knows the settings that are marked with *, and
\`--nproc-per-node\` in place of the others.

The last column says what it means when two runs differ in a setting. *Other work*: the runs are not compared.
*Speed*: images/s can differ for it, so it is named first. *Told*: it is named. Where there is nothing, the comparison
names what came of it: the engine, the devices and the way of exchange that were used.`

function whenRunsDiffer(name: SettingName): string {
  const { otherWork, difference } = settingOf(name)
  if (otherWork !== undefined) return 'other work'
  return difference === 'silent' ? '' : difference
}

function allowed(name: SettingName): string {
  const { input } = settingOf(name)
  if (input.control === 'switch') return ''
  if (input.control !== 'choice') return capitalised(input.allowed)
  const names = input.choices.map(({ value }) => `\`${value}\``)
  // Nobody reads eighty names in a cell.
  return names.length > 12 ? `${names.slice(0, 2).join(', ')}, ... (${names.length} names)` : names.join(', ')
}

function valueText(name: SettingName, value: unknown): string {
  const { input } = settingOf(name)
  return input.control === 'choice' ? `\`${value}\`` : capitalised(input.format(value))
}

function row(name: SettingName): string[] {
  const { flag, label, help, notebook, quick, isOfComparison } = settingOf(name)
  return [
    `\`${flag}\`${isOfComparison ? '' : ' *'}`,
    label,
    capitalised(help),
    allowed(name),
    valueText(name, notebook),
    quick === undefined ? '' : valueText(name, quick),
    whenRunsDiffer(name),
  ].map((cell) => cell.replaceAll('|', '\\|'))
}

function section(group: SettingGroup): string {
  const names = settingNames.filter(
    (name) => settingOf(name).group === group && settingOf(name).flag !== null,
  )
  const head = ['Flag', 'In the form', 'What it does', 'Allowed', 'Notebook', 'Quick', 'When runs differ']
  return `## ${settingGroups[group]}\n\n${markdownTable(head, names.map(row))}`
}

/** `npx vitest run scripts/docs -u` writes it anew. */
it('the guide to settings is what their table says', async () => {
  const sections = (Object.keys(settingGroups) as SettingGroup[]).map(section)
  await expect(`${[introduction, ...sections].join('\n\n')}\n`).toMatchFileSnapshot(guide)
})
