import { SimpleGrid } from '@mantine/core'
import { useSessionStorage } from '@mantine/hooks'
import { useId } from 'react'
import { type SettingGroup, settingGroups } from '../../../shared/domain/settings/setting.js'
import { type SettingName, settingNames, settingOf } from '../../../shared/domain/settings/settings.js'
import { standardStoppingRule } from '../../../shared/statistics/stopping-rule.js'
import { changed } from './draft.js'
import { SettingField, type SettingsProps } from './setting-field.js'
import styles from './settings-form.module.css'

/** The settings of a run that can be chosen: the few that matter most, and under Advanced the groups of `--help`. */
export function SettingsForm(props: SettingsProps) {
  // What is trained and on what, then how often.
  const isOfPlan = (name: SettingName): boolean => settingOf(name).group === 'plan'
  const first = fieldsOf((name) => settingOf(name).isEssential === true)
  const essential = [...first.filter((name) => !isOfPlan(name)), ...first.filter(isOfPlan)]
  return (
    <div className={styles.form}>
      <Fields names={essential} {...props} />
      <Advanced {...props} />
    </div>
  )
}

/** Opens by itself where something in it is wrong, and stays as it was left for as long as this tab lives. */
function Advanced(props: SettingsProps) {
  const [isOpen, setOpen] = useSessionStorage({
    key: 'tandem-advanced',
    defaultValue: false,
    getInitialValueInEffect: false,
  })
  const hasProblem = Object.keys(props.problems).some((name) => !settingOf(name as SettingName).isEssential)
  const shown = isOpen || hasProblem
  const contentId = useId()
  return (
    <section>
      <button
        type="button"
        className={styles.advanced}
        aria-expanded={shown}
        aria-controls={contentId}
        onClick={() => setOpen(!shown)}
      >
        Advanced
      </button>
      <div id={contentId} hidden={!shown} className={styles.form}>
        {shown &&
          (Object.keys(settingGroups) as SettingGroup[]).map((group) => (
            <Group key={group} group={group} {...props} />
          ))}
      </div>
    </section>
  )
}

function Group({ group, ...props }: SettingsProps & { group: SettingGroup }) {
  const names = fieldsOf((name) => settingOf(name).group === group && !settingOf(name).isEssential)
  if (names.length === 0) return null
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{settingGroups[group]}</legend>
      <Fields names={names} {...props} />
    </fieldset>
  )
}

function Fields({ names, ...props }: SettingsProps & { names: readonly SettingName[] }) {
  const isSwitch = (name: SettingName): boolean => settingOf(name).input.control === 'switch'
  const switches = names.filter(isSwitch)
  return (
    <>
      <SimpleGrid cols={{ base: 2, md: 3 }} spacing="sm" verticalSpacing="xs">
        {names
          .filter((name) => !isSwitch(name))
          .map((name) => (
            <SettingField key={name} name={name} {...props} />
          ))}
      </SimpleGrid>
      {switches.length > 0 && (
        <div className={styles.switches}>
          {switches.map((name) =>
            name === 'untilNarrow' ? (
              <UntilNarrowField key={name} {...props} />
            ) : (
              <SettingField key={name} name={name} {...props} />
            ),
          )}
        </div>
      )}
    </>
  )
}

/** Those with a flag; the cards ask for strategies. */
function fieldsOf(isWanted: (name: SettingName) => boolean): SettingName[] {
  return settingNames.filter((name) => {
    const { flag, input } = settingOf(name)
    return flag !== null && input.control !== 'strategies' && isWanted(name)
  })
}

/** Repeats are then the most that there may be: with few it could not end when intervals are narrow. */
function UntilNarrowField({ draft, onChange, ...props }: SettingsProps) {
  const change = (next: typeof draft): void => {
    const most = standardStoppingRule.maximumBlocks
    onChange(next.untilNarrow === true && Number(next.repeats) < most ? changed(next, 'repeats', most) : next)
  }
  return <SettingField name="untilNarrow" draft={draft} onChange={change} {...props} />
}
