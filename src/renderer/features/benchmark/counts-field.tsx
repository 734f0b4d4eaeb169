import { TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { settings } from '../../../shared/domain/settings/settings.js'

export interface CountsFieldProps {
  id: string
  label: ReactNode
  error: string | undefined
  placeholder?: string
  /** What the draft has: numbers of devices, or what was typed while that means none. */
  value: unknown
  onChange(value: unknown): void
}

/** Numbers of devices, typed as `1,2,4`. What was typed stays as it is, as long as it means what the draft has. */
export function CountsField({ value, onChange, ...field }: CountsFieldProps) {
  const [typed, setTyped] = useState('')
  const isSame = JSON.stringify(meaning(typed)) === JSON.stringify(value)
  return (
    <TextInput
      {...field}
      value={isSame ? typed : asTyped(value)}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value)
        onChange(meaning(currentTarget.value))
      }}
    />
  )
}

/** The text itself where it means nothing: the form says what is allowed then. */
function meaning(text: string): unknown {
  return settings.sweep.input.parse(text) ?? text
}

function asTyped(value: unknown): string {
  if (value === false) return ''
  return value === true ? 'auto' : String(value)
}
