import { NumberInput, Select, Switch, TextInput } from '@mantine/core'
import { type SettingName, settingOf } from '../../../shared/domain/settings/settings.js'
import { capitalised } from '../../../shared/text/format.js'
import { CountsField } from './counts-field.js'
import { changed, type Draft } from './draft.js'
import styles from './setting-field.module.css'

export interface SettingsProps {
  draft: Draft
  /** What is wrong, by setting: found here, or by the host. */
  problems: Partial<Record<SettingName, string>>
  onChange(draft: Draft): void
}

/** A field for a setting, of the kind that its table asks for. */
export function SettingField({ name, draft, problems, onChange }: SettingsProps & { name: SettingName }) {
  const { input, help, placeholder, step } = settingOf(name)
  const value = draft[name]
  const change = (next: unknown): void => onChange(changed(draft, name, next as never))
  // An empty field is nothing where nothing means something, else what it is: not allowed.
  const empty = input.schema.safeParse(null).success ? null : ''
  const shared = {
    id: fieldId(name),
    label: <SettingLabel name={name} />,
    error: problems[name],
    ...(placeholder && { placeholder: placeholder(draft) }),
  }
  switch (input.control) {
    case 'choice':
      return (
        <Select
          {...shared}
          data={[...input.choices]}
          value={String(value)}
          allowDeselect={false}
          onChange={(chosen) => chosen !== null && change(chosen)}
        />
      )
    case 'number':
      return (
        <NumberInput
          {...shared}
          value={(value ?? '') as number | string}
          onChange={(typed) => change(typed === '' ? empty : typed)}
          clampBehavior="none"
          thousandSeparator=","
          {...(step !== undefined && { step })}
        />
      )
    case 'text':
      return (
        <TextInput
          {...shared}
          value={(value as string | null) ?? ''}
          onChange={({ currentTarget }) => change(currentTarget.value === '' ? empty : currentTarget.value)}
        />
      )
    case 'switch':
      return (
        <Switch
          id={fieldId(name)}
          label={capitalised(help)}
          error={problems[name]}
          checked={value === true}
          onChange={({ currentTarget }) => change(currentTarget.checked)}
        />
      )
    case 'counts':
      return <CountsField {...shared} value={value} onChange={change} />
    case 'strategies':
      // The cards above ask for them.
      return null
  }
}

/** Where a message about a setting leads. */
export function fieldId(name: SettingName): string {
  return `setting-${name}`
}

/** A setting's name for people, with the one that the command line and the notebook know it by. */
export function SettingLabel({ name }: { name: SettingName }) {
  const { label, flag } = settingOf(name)
  return (
    <>
      {label} <code className={styles.flag}>{flag?.slice(2).replaceAll('-', '_')}</code>
    </>
  )
}
