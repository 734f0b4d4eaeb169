import { describe, expect, it } from 'vitest'
import { nodePlace, withoutRank } from './launcher-environment.js'

const slurm = {
  SLURM_JOB_ID: '200505',
  SLURM_NNODES: '4',
  SLURM_NODEID: '2',
  SLURM_JOB_NODELIST: 'gnode[10,20,25,37]',
}
const kubeflow = {
  MASTER_ADDR: 'trial-master-0',
  MASTER_PORT: '23456',
  PET_NNODES: '2',
  PET_NODE_RANK: '1',
  WORLD_SIZE: '16',
  RANK: '1',
}
const flags = { nodes: 3, nodeRank: 1, endpoint: { host: 'node0', port: 29_500 } }

describe('where a process stands among machines', () => {
  it.each([
    ['nothing at all', {}],
    ['Slurm on one node', { ...slurm, SLURM_NNODES: '1', SLURM_NODEID: '0', SLURM_STEP_NUM_TASKS: '8' }],
    ['a shell of salloc, which is no node of the job', { ...slurm, SLURM_NODEID: undefined }],
    ['a step on one node of several', { ...slurm, SLURM_STEP_NUM_NODES: '1', SLURM_NODEID: '0' }],
    ['an Indexed Job that nobody told how many pods it has', { JOB_COMPLETION_INDEX: '1' }],
    ['a variable of somebody’s', { RANK: 'colonel', NODE_RANK: '' }],
    ['a Kubernetes service by the name of master', { MASTER_PORT: 'tcp://10.0.0.1:80', RANK: '0' }],
    [
      'one worker of TensorFlow',
      { TF_CONFIG: '{"cluster":{"worker":["a:1"]},"task":{"type":"worker","index":0}}' },
    ],
    ['torchrun on one machine', { ...kubeflow, PET_NNODES: '1', PET_NODE_RANK: '0' }],
  ])('%s is one machine', (_, environment) => {
    expect(nodePlace({}, environment)).toBeNull()
  })

  it('is what Slurm says, at its first node and a port by the job', () => {
    expect(nodePlace({}, slurm)).toEqual({
      nodes: 4,
      nodeRank: 2,
      endpoint: { host: 'gnode10', port: 15_505 },
    })
  })

  it('goes by the step of srun, not by the job', () => {
    const step = { SLURM_STEP_NUM_NODES: '2', SLURM_STEP_NODELIST: 'gnode[25,37]', SLURM_NODEID: '1' }
    expect(nodePlace({}, { ...slurm, ...step })).toMatchObject({
      nodes: 2,
      nodeRank: 1,
      endpoint: { host: 'gnode25' },
    })
  })

  it('is what Kubeflow’s PyTorchJob says of machines, not of processes', () => {
    expect(nodePlace({}, kubeflow)).toEqual({
      nodes: 2,
      nodeRank: 1,
      endpoint: { host: 'trial-master-0', port: 23_456 },
    })
  })

  it('is what torchrun tells its one worker a machine, beside the port of its own store', () => {
    const worker = {
      MASTER_ADDR: 'fd00::1',
      MASTER_PORT: '29500',
      TORCHELASTIC_USE_AGENT_STORE: 'True',
      WORLD_SIZE: '2',
      RANK: '1',
      LOCAL_RANK: '0',
      LOCAL_WORLD_SIZE: '1',
      GROUP_RANK: '1',
      GROUP_WORLD_SIZE: '2',
    }
    expect(nodePlace({}, worker)).toEqual({
      nodes: 2,
      nodeRank: 1,
      endpoint: { host: 'fd00::1', port: 29_501 },
    })
  })

  it('counts processes as machines where nothing else does', () => {
    const environment = { MASTER_ADDR: 'node0', WORLD_SIZE: '2', RANK: '0' }
    expect(nodePlace({}, environment)).toEqual({
      nodes: 2,
      nodeRank: 0,
      endpoint: { host: 'node0', port: 29_400 },
    })
  })

  it('takes an Indexed Job’s pod with what its manifest adds', () => {
    expect(
      nodePlace(
        { nodes: 2, endpoint: { host: 'tandem-node-0-0.tandem', port: 29_400 } },
        {
          JOB_COMPLETION_INDEX: '1',
        },
      ),
    ).toMatchObject({ nodes: 2, nodeRank: 1 })
    expect(nodePlace({}, { JOB_COMPLETION_INDEX: '1', WORLD_SIZE: '2', MASTER_ADDR: 'node0' })).toMatchObject(
      { nodes: 2, nodeRank: 1 },
    )
  })

  it.each([
    ['worker', 0, 1],
    ['worker', 1, 2],
    ['chief', 0, 0],
  ])('counts TensorFlow’s %s %i as node %i', (type, index, nodeRank) => {
    const cluster = { chief: ['a:2222'], worker: ['b:2222', 'c:2222'], ps: ['d:2222'] }
    const environment = { TF_CONFIG: JSON.stringify({ cluster, task: { type, index } }) }
    expect(nodePlace({}, environment)).toEqual({
      nodes: 3,
      nodeRank,
      endpoint: { host: 'a', port: 2_222 },
    })
  })

  it.each([
    [{ cluster: { worker: ['a:1', 'b:1'] }, task: { type: 'ps', index: 0 } }, /"ps", which trains nothing/],
    [{ cluster: {}, task: 1 }, /not a cluster and a task/],
    ['{', /not a cluster and a task/],
  ])('refuses a TF_CONFIG of %j', (config, message) => {
    const text = typeof config === 'string' ? config : JSON.stringify(config)
    expect(() => nodePlace({}, { TF_CONFIG: text })).toThrow(message)
  })

  it('is what flags say, whatever the environment says', () => {
    const garbage = { ...slurm, SLURM_JOB_NODELIST: '[', RANK: 'x', WORLD_SIZE: 'y', TF_CONFIG: '{' }
    expect(nodePlace(flags, garbage)).toEqual(flags)
    expect(nodePlace({ nodes: 1 }, garbage)).toBeNull()
  })

  it('takes each flag by itself before the variables', () => {
    expect(nodePlace({ nodeRank: 3 }, slurm)).toMatchObject({ nodes: 4, nodeRank: 3 })
    expect(nodePlace({ endpoint: flags.endpoint }, slurm)).toMatchObject({ endpoint: flags.endpoint })
    expect(nodePlace({ nodes: 3 }, { RANK: '2', MASTER_ADDR: 'node0' })).toMatchObject({
      nodes: 3,
      nodeRank: 2,
    })
  })

  it('names an address that somebody set before one from a list', () => {
    const set = { ...slurm, MASTER_ADDR: '10.1.0.1', MASTER_PORT: '4000' }
    expect(nodePlace({}, set)).toMatchObject({ endpoint: { host: '10.1.0.1', port: 4_000 } })
  })

  it.each([
    [
      'numbers of machines',
      { ...slurm, WORLD_SIZE: '8', RANK: '2' },
      /how many machines there are \(WORLD_SIZE: 8 and SLURM_NNODES: 4\)/,
    ],
    [
      'ranks',
      { ...slurm, WORLD_SIZE: '4', RANK: '1' },
      /which machine this is \(RANK: 1 and SLURM_NODEID: 2\)/,
    ],
    [
      'a number and a list',
      { ...slurm, SLURM_NNODES: '3' },
      /the nodes of SLURM_JOB_NODELIST: 4 and SLURM_NNODES: 3/,
    ],
    ['a number that is none', { ...kubeflow, PET_NNODES: '1:4' }, /PET_NNODES="1:4" is not the number/],
    ['a rank beyond', { ...slurm, SLURM_NODEID: '4' }, /node rank 4 of 4 machines/],
    ['no address', { WORLD_SIZE: '2', RANK: '0' }, /nothing says where the 2 machines meet/],
    [
      'several tasks a machine',
      { ...slurm, SLURM_STEP_NUM_TASKS: '8' },
      /SLURM_STEP_NUM_TASKS=8 on 4 machines/,
    ],
    ['several workers a machine', { ...kubeflow, LOCAL_WORLD_SIZE: '8' }, /LOCAL_WORLD_SIZE=8 on 2 machines/],
    ['a strange address', { MASTER_ADDR: 'a b', WORLD_SIZE: '2', RANK: '0' }, /is not HOST:PORT/],
    [
      'a strange port',
      { MASTER_ADDR: 'a', MASTER_PORT: '99999', WORLD_SIZE: '2', RANK: '0' },
      /is not HOST:PORT/,
    ],
  ])('refuses %s', (_, environment, message) => {
    expect(() => nodePlace({}, environment)).toThrow(message)
  })

  it.each([
    [{ nodes: 2 }, /which of the machines this is/],
    [{ nodeRank: 1 }, /how many machines there are/],
    [{ nodes: 2, nodeRank: 0 }, /where the 2 machines meet/],
    [{ nodes: 2, nodeRank: 2, endpoint: flags.endpoint }, /node rank 2 of 2/],
  ])('says what flags leave open: %j', (given, message) => {
    expect(() => nodePlace(given, {})).toThrow(message)
  })
})

describe('the environment of what Tandem starts', () => {
  it('says nothing of the place that a launcher gave to Tandem, and keeps the rest', () => {
    const rest = { PATH: '/bin', WORLD: 'kept', OMP_NUM_THREADS: '4', PET_NNODES: '2' }
    const place = { RANK: '1', WORLD_SIZE: '2', LOCAL_RANK: '0', GROUP_WORLD_SIZE: '2', ROLE_NAME: 'default' }
    const meeting = { MASTER_ADDR: 'atlas', MASTER_PORT: '29500', TORCHELASTIC_USE_AGENT_STORE: 'True' }
    expect(withoutRank({ ...rest, ...place, ...meeting })).toEqual(rest)
  })
})
