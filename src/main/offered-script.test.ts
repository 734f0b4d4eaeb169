import { expect, it } from 'vitest'
import { runConfigurationSchema } from '../shared/run/run-configuration.js'
import { configurationOf } from '../shared/script/script-configuration.js'
import { offerFile } from './offered-script.js'

it('a chosen file is a script that can be measured, in its own folder', () => {
  const { script, ...plan } = offerFile('/project/src/train.py')
  expect(script).toMatchObject({ command: ['train.py'], folder: '/project/src', launcher: 'tandem' })
  const configuration = configurationOf(script, plan)
  expect(runConfigurationSchema.parse(configuration)).toEqual(configuration)
})
