import { Select, SimpleGrid } from '@mantine/core'
import { type SettingGroup, settingGroups } from '../../../shared/domain/settings/setting.js'
import { type SettingName, settingNames, settingOf } from '../../../shared/domain/settings/settings.js'
import { standardStoppingRule } from '../../../shared/statistics/stopping-rule.js'
import { changed } from './draft.js'
import { SettingField, SettingLabel, type SettingsProps } from './setting-field.js'
import styles from './settings-form.module.css'

/** Every setting of a run that can be chosen, in the notebook's names and the groups of `tandem run --help`. */
export function SettingsForm(props: SettingsProps) {
  return (
    <div className={styles.form}>
      {(Object.keys(settingGroups) as SettingGroup[]).map((group) => (
        <Group key={group} group={group} {...props} />
      ))}
    </div>
  )
}

function Group({ group, ...props }: SettingsProps & { group: SettingGroup }) {
  const names = settingNames.filter((name) => {
    const { group: own, flag } = settingOf(name)
    return own === group && flag !== null && !hasItsPlaceElsewhere(name)
  })
  const isSwitch = (name: SettingName): boolean => settingOf(name).input.control === 'switch'
  const switches = names.filter(isSwitch)
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{settingGroups[group]}</legend>
      <SimpleGrid cols={{ base: 2, md: 3 }} spacing="sm" verticalSpacing="xs">
        {names
          .filter((name) => !isSwitch(name))
          .map((name) =>
            name === 'repeats' ? (
              <RepeatsField key={name} {...props} />
            ) : (
              <SettingField key={name} name={name} {...props} />
            ),
          )}
      </SimpleGrid>
      {switches.length > 0 && (
        <div className={styles.switches}>
          {switches.map((name) => (
            <SettingField key={name} name={name} {...props} />
          ))}
        </div>
      )}
    </fieldset>
  )
}

/** The cards ask for strategies, and the field of repeats for both of its settings. */
function hasItsPlaceElsewhere(name: SettingName): boolean {
  return settingOf(name).input.control === 'strategies' || name === 'untilNarrow'
}

const repeatChoices = [
  { value: '1', label: 'Once: no interval' },
  { value: '3', label: 'Quick: 3 times' },
  { value: '5', label: 'Standard: 5 times' },
  { value: '10', label: 'Rigorous: 10 times' },
  { value: 'narrow', label: 'Until the interval is within ±2 %' },
]

/** How often everything is measured: one setting for people, two for the run. */
function RepeatsField({ draft, problems, onChange }: SettingsProps) {
  const value = draft.untilNarrow === true ? 'narrow' : String(draft.repeats)
  const isListed = repeatChoices.some((choice) => choice.value === value)
  const choose = (chosen: string): void => {
    const untilNarrow = chosen === 'narrow'
    const repeats = untilNarrow ? standardStoppingRule.maximumBlocks : Number(chosen)
    onChange(changed(changed(draft, 'untilNarrow', untilNarrow), 'repeats', repeats))
  }
  return (
    <Select
      label={<SettingLabel name="repeats" />}
      data={isListed ? repeatChoices : [...repeatChoices, { value, label: `${value} times` }]}
      value={value}
      error={problems.repeats}
      allowDeselect={false}
      onChange={(chosen) => chosen !== null && choose(chosen)}
    />
  )
}
