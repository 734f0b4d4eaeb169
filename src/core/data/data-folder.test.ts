import { isAbsolute, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataFolder } from './data-folder.js'

describe('dataFolder', () => {
  it('is the folder of TANDEM_DATA_DIR, made absolute', () => {
    expect(dataFolder({ TANDEM_DATA_DIR: 'my-data' })).toBe(resolve('my-data'))
  })

  it('is the user data folder of the platform where the variable is not set or empty', () => {
    expect(isAbsolute(dataFolder({}))).toBe(true)
    expect(dataFolder({})).toMatch(/tandem/i)
    expect(dataFolder({ TANDEM_DATA_DIR: '' })).toBe(dataFolder({}))
  })
})
