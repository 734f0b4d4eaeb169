import { NumberInput, Select, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { changed, type Draft, type SettingName } from './draft.js'
import styles from './setting-field.module.css'

export interface SettingsProps {
  draft: Draft
  /** What is wrong, by setting: found here, or by the host. */
  problems: Partial<Record<SettingName, string>>
  onChange(draft: Draft): void
}

interface FieldProps extends SettingsProps {
  name: SettingName
  label: string
  /** Its name in the notebook and on the command line. */
  flag: string
}

/** A field's name for people, with the one that the command line and the notebook know it by. */
function FieldLabel({ label, flag }: { label: ReactNode; flag: string }) {
  return (
    <>
      {label} <code className={styles.flag}>{flag}</code>
    </>
  )
}

export function NumberField({
  name,
  label,
  flag,
  draft,
  problems,
  onChange,
  ...limits
}: FieldProps & { step?: number; min?: number; suffix?: string }) {
  return (
    <NumberInput
      label={<FieldLabel label={label} flag={flag} />}
      value={draft[name] as number | string}
      error={problems[name]}
      onChange={(value) => onChange(changed(draft, name, value))}
      clampBehavior="none"
      thousandSeparator=","
      {...limits}
    />
  )
}

export function ChoiceField({
  name,
  label,
  flag,
  draft,
  problems,
  onChange,
  choices,
}: FieldProps & { choices: readonly { value: string; label: string }[] }) {
  return (
    <Select
      label={<FieldLabel label={label} flag={flag} />}
      data={[...choices]}
      value={String(draft[name])}
      error={problems[name]}
      allowDeselect={false}
      onChange={(value) => value !== null && onChange(changed(draft, name, value))}
    />
  )
}

export function TextField({
  name,
  label,
  flag,
  draft,
  problems,
  onChange,
  placeholder,
}: FieldProps & { placeholder: string }) {
  return (
    <TextInput
      label={<FieldLabel label={label} flag={flag} />}
      value={(draft[name] as string | null) ?? ''}
      error={problems[name]}
      placeholder={placeholder}
      onChange={({ currentTarget: { value } }) =>
        onChange(changed(draft, name, value === '' ? (null as never) : value))
      }
    />
  )
}
