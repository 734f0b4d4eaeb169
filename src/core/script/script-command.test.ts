import { describe, expect, it } from 'vitest'
import { assertMeasurable, commandFor, launcherOf, scriptFileOf } from './script-command.js'

describe('who starts the ranks of a command', () => {
  it.each([
    [['python', 'train.py'], 'tandem'],
    [['train.py', '--epochs', '3'], 'tandem'],
    [['python', '-m', 'package.train'], 'tandem'],
    [['torchrun', '--nproc-per-node', '2', 'train.py'], 'command'],
    [['/venv/bin/accelerate', 'launch', 'train.py'], 'command'],
    [['python3.11', '-u', '-m', 'torch.distributed.run', 'train.py'], 'command'],
    [['python', 'train.py', '--devices', '{world_size}'], 'command'],
    // The script's own -m.
    [['python', 'train.py', '-m', 'torch.distributed.run'], 'tandem'],
  ])('%j: %s', (command, launcher) => {
    expect(launcherOf(command)).toBe(launcher)
  })
})

describe('a command for so many ranks', () => {
  const batches = { perDeviceBatch: null, globalBatch: null }

  it('has its placeholders filled in', () => {
    const command = ['run', '--n={world_size}', '--batch', '{per_device_batch}', '{global_batch}']
    expect(commandFor({ ...batches, command, perDeviceBatch: 32 }, 4, 'python')).toEqual([
      ...['run', '--n=4', '--batch', '32', '128'],
    ])
    expect(commandFor({ ...batches, command, globalBatch: 128 }, 2, 'python')).toEqual([
      ...['run', '--n=2', '--batch', '64', '128'],
    ])
  })

  it('has a Python before a file of Python, and other braces as they were', () => {
    const command = ['train.py', '{"a": 1}', '{epochs}']
    expect(commandFor({ ...batches, command }, 2, '/bin/python')).toEqual(['/bin/python', ...command])
  })

  it('is refused where a batch stands in it that nobody has said', () => {
    const command = ['python', 'train.py', '{per_device_batch}']
    expect(() => commandFor({ ...batches, command }, 2, 'python')).toThrow(
      expect.objectContaining({ code: 'usage', hint: expect.stringContaining('--per-device-batch') }),
    )
  })
})

describe('a Python that cannot be measured in', () => {
  it.each([
    [['python', '-I', 'train.py']],
    [['/usr/bin/python3', '-uE', 'train.py']],
    [['python', '-X', 'dev', '-S', '-m', 'train']],
  ])('is named: %j', (command) => {
    expect(() => assertMeasurable(command)).toThrow(expect.objectContaining({ code: 'script-isolated' }))
  })

  it.each([
    [['python', '-u', 'train.py', '-I']],
    [['python', '-W', 'error::UserWarning', '-m', 'train', '-S']],
    [['sh', '-E']],
  ])('is no other: %j', (command) => {
    expect(() => assertMeasurable(command)).not.toThrow()
  })
})

describe('the file that a command runs', () => {
  it.each([
    [['train.py', 'a.py'], 'train.py'],
    [['python', '-u', '-X', 'dev', 'src/train.py', 'b.py'], 'src/train.py'],
    [['python', '-m', 'train.py'], null],
    [['torchrun', 'train.py'], null],
    [['python'], null],
  ])('%j: %s', (command, file) => {
    expect(scriptFileOf(command)).toBe(file)
  })
})
