import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { nodePlace } from '../../src/core/machines/launcher-environment.js'

const folder = join(import.meta.dirname, '..', '..', 'examples')
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

const quantity = z.union([z.string(), z.number()])

/** The fields of core/v1's PodSpec that the example has, by Kubernetes' OpenAPI (api/openapi-spec/v3); others are refused. */
const podSpecSchema = z.strictObject({
  restartPolicy: z.enum(['Always', 'OnFailure', 'Never']),
  affinity: z.strictObject({
    podAntiAffinity: z.strictObject({
      requiredDuringSchedulingIgnoredDuringExecution: z.array(
        z.strictObject({
          topologyKey: z.string(),
          labelSelector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }),
        }),
      ),
    }),
  }),
  containers: z.array(
    z.strictObject({
      name: z.string(),
      image: z.string(),
      workingDir: z.string(),
      command: z.array(z.string()),
      resources: z.strictObject({ limits: z.record(z.string(), quantity) }),
      volumeMounts: z.array(
        z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }),
      ),
    }),
  ),
  volumes: z.array(
    z.strictObject({
      name: z.string(),
      secret: z.strictObject({ secretName: z.string(), defaultMode: z.int().max(0o777) }).optional(),
      emptyDir: z.strictObject({ medium: z.enum(['', 'Memory']).optional() }).optional(),
    }),
  ),
})

/**
 * The fields of JobSet v1alpha2 that the example has, by its own schema: config/components/crd/bases/
 * jobset.x-k8s.io_jobsets.yaml in kubernetes-sigs/jobset, with batch/v1's JobSpec in it.
 */
const jobSetSchema = z.strictObject({
  apiVersion: z.literal('jobset.x-k8s.io/v1alpha2'),
  kind: z.literal('JobSet'),
  metadata: z.strictObject({ name: z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/) }),
  spec: z.strictObject({
    failurePolicy: z.strictObject({ maxRestarts: z.int().nonnegative() }),
    network: z.strictObject({ enableDNSHostnames: z.boolean(), subdomain: z.string().optional() }),
    replicatedJobs: z.array(
      z.strictObject({
        name: z.string(),
        replicas: z.int().positive(),
        template: z.strictObject({
          spec: z.strictObject({
            completionMode: z.enum(['NonIndexed', 'Indexed']),
            completions: z.int().positive(),
            parallelism: z.int().positive(),
            backoffLimit: z.int().nonnegative(),
            template: z.strictObject({ spec: podSpecSchema }),
          }),
        }),
      }),
    ),
  }),
})

/** What follows a flag in a command. */
function flag(command: readonly string[], name: string): string {
  return command[command.indexOf(name) + 1] ?? ''
}

describe('the example for Kubernetes', () => {
  const jobSet = jobSetSchema.parse(parse(read('jobset.yaml'), { version: '1.1' }))
  const [job] = jobSet.spec.replicatedJobs
  const spec = job?.template.spec
  const pod = spec?.template.spec
  const [container] = pod?.containers ?? []
  const command = container?.command ?? []

  it('gives each pod its place among as many as there are', () => {
    const nodes = Number(flag(command, '--nnodes'))
    expect(spec).toMatchObject({ completionMode: 'Indexed', completions: nodes, parallelism: nodes })
    const [host = '', port] = flag(command, '--rdzv-endpoint').split(':')
    const endpoint = { host, port: Number(port) }
    for (let index = 0; index < nodes; index += 1) {
      const place = nodePlace({ nodes, endpoint }, { JOB_COMPLETION_INDEX: String(index) })
      expect(place).toEqual({ nodes, nodeRank: index, endpoint })
    }
    const { metadata, spec: set } = jobSet
    expect(host).toBe(`${metadata.name}-${job?.name}-0-0.${set.network.subdomain ?? metadata.name}`)
  })

  it('mounts the secret where the command looks for it, for its owner alone', () => {
    const { secret } = pod?.volumes.find(({ name }) => name === 'secret') ?? {}
    expect(secret).toEqual({ secretName: 'tandem-secret', defaultMode: 0o400 })
    const mount = container?.volumeMounts.find(({ name }) => name === 'secret')
    expect(flag(command, '--rdzv-secret-file')).toBe(`${mount?.mountPath}/secret`)
    const volumes = pod?.volumes.map(({ name }) => name)
    expect(container?.volumeMounts.every(({ name }) => volumes?.includes(name))).toBe(true)
  })
})

describe.skipIf(process.platform === 'win32')('the example scripts', () => {
  it.each(['slurm.sh', 'ssh.sh'])('%s is a script that bash understands', (name) => {
    expect(() => execFileSync('bash', ['-n', join(folder, name)])).not.toThrow()
  })

  it('start one Tandem a node by Slurm', () => {
    const options = read('slurm.sh').matchAll(/^#SBATCH --([a-z-]+)(?:=(\S+))?$/gm)
    // Of sbatch(1).
    const known = [
      'job-name',
      'nodes',
      'ntasks-per-node',
      'gpus-per-node',
      'cpus-per-task',
      'exclusive',
      'time',
      'output',
    ]
    const given = new Map([...options].map(([, name = '', value]) => [name, value]))
    expect([...given.keys()]).toEqual(known)
    expect(given.get('ntasks-per-node')).toBe('1')
  })
})
