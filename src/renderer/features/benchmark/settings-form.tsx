import { Select, SimpleGrid, Switch, TextInput } from '@mantine/core'
import { engineNames, engines } from '../../../shared/domain/engines.js'
import { modelNames, models, stemNames, stems } from '../../../shared/domain/models.js'
import { standardStoppingRule } from '../../../shared/statistics/stopping-rule.js'
import { changed } from './draft.js'
import { ChoiceField, NumberField, type SettingsProps, TextField } from './setting-field.js'
import styles from './settings-form.module.css'

const choices = (...values: [value: string, label: string][]) =>
  values.map(([value, label]) => ({ value, label }))

const modelChoices = modelNames.map((value) => ({ value, label: models[value].title }))
const stemChoices = stemNames.map((value) => ({ value, label: stems[value] }))
const datasets = choices(
  ['sample', 'Sample: 2,000 pictures that ship with Tandem'],
  ['cifar10', 'CIFAR-10: 50,000 pictures'],
  ['synthetic', 'Synthetic: generated patterns'],
)
const precisions = choices(['fp32', 'fp32'], ['mixed', 'mixed (bf16 on CPUs, fp16 on GPUs)'])
const autotunes = choices(
  ['auto', 'On CPU devices'],
  ['on', 'Always'],
  ['off', 'Never'],
  ['report', 'Always, and show the timings'],
)
const scalings = choices(
  ['weak', 'The batch of each device (weak scaling)'],
  ['strong', 'The global batch, Single’s (strong scaling)'],
)
const engineChoices = [
  { value: 'auto', label: 'TensorFlow if there, else WebAssembly' },
  ...engineNames.map((value) => ({ value, label: engines[value].title })),
]
const collectives = choices(
  ['auto', 'What suits the devices'],
  ['shared-memory', 'Shared memory'],
  ['files', 'Files'],
  ['tensorflow', 'TensorFlow’s collectives (opens ports)'],
)

const gradientCompressions = choices(['none', 'As they are'], ['bf16', 'Rounded to bf16: half the bytes'])

/** Every setting of a run, in the notebook's names and groups. */
export function SettingsForm(props: SettingsProps) {
  const { draft, onChange, problems } = props
  return (
    <div className={styles.form}>
      <Group title="Model and data">
        <ChoiceField {...props} name="modelName" label="Model" flag="model_name" choices={modelChoices} />
        <ChoiceField {...props} name="stem" label="Stem" flag="stem" choices={stemChoices} />
        <ChoiceField {...props} name="dataset" label="Data" flag="dataset" choices={datasets} />
        <TextField
          {...props}
          name="dataDir"
          label="Data folder"
          flag="data_dir"
          placeholder={draft.dataset === 'cifar10' ? 'Downloaded once (170 MB)' : 'Only for CIFAR-10'}
        />
      </Group>
      <Group title="Training">
        <NumberField {...props} name="batchSizeSingle" label="Batch, Single" flag="batch_size_single" />
        <NumberField {...props} name="perGpuBatchSize" label="Batch a device" flag="per_gpu_batch_size" />
        <NumberField {...props} name="epochs" label="Epochs" flag="epochs" />
        <NumberField
          {...props}
          name="maxStepsPerEpoch"
          label="Steps an epoch, at most"
          flag="max_steps_per_epoch"
        />
        <SamplesField {...props} />
        <NumberField {...props} name="learningRate" label="Learning rate" flag="lr" step={0.01} />
        <NumberField {...props} name="numWorkers" label="Data workers" flag="num_workers" />
        <NumberField {...props} name="seed" label="Seed" flag="seed" />
        <ChoiceField {...props} name="precision" label="Precision" flag="precision" choices={precisions} />
      </Group>
      <Group title="Devices and engine">
        <TextField {...props} name="devices" label="Devices" flag="devices" placeholder="auto" />
        <ChoiceField {...props} name="backend" label="Engine" flag="backend" choices={engineChoices} />
        <ChoiceField
          {...props}
          name="collective"
          label="DDP exchanges by"
          flag="collective"
          choices={collectives}
        />
        <ChoiceField
          {...props}
          name="gradientCompression"
          label="Gradients travel"
          flag="gradient_compression"
          choices={gradientCompressions}
        />
        <ChoiceField
          {...props}
          name="autotune"
          label="Tune convolutions"
          flag="autotune"
          choices={autotunes}
        />
      </Group>
      <Group title="Plan">
        <RepeatsField {...props} />
        <ChoiceField {...props} name="scaling" label="Kept fixed" flag="scaling" choices={scalings} />
      </Group>
      <div className={styles.switches}>
        <Switch
          label="Measure DP and DDP on 2, 4, 8 ... devices too, for a scaling curve"
          checked={draft.sweep === true}
          onChange={({ currentTarget: { checked } }) => onChange(changed(draft, 'sweep', checked))}
        />
        <Switch
          label="Measure test accuracy after each epoch, off the clock"
          checked={draft.evaluate === true}
          onChange={({ currentTarget: { checked } }) => onChange(changed(draft, 'evaluate', checked))}
        />
        <Switch
          label="Fail where there are fewer than two GPUs, instead of skipping"
          checked={draft.requireGpu === true}
          error={problems.requireGpu}
          onChange={({ currentTarget: { checked } }) => onChange(changed(draft, 'requireGpu', checked))}
        />
      </div>
    </div>
  )
}

const repeatChoices = [
  { value: '1', label: 'Quick: once' },
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
      label={
        <>
          Repeats <code className={styles.flag}>repeats</code>
        </>
      }
      description="Each in fresh processes, in an order by chance"
      data={isListed ? repeatChoices : [...repeatChoices, { value, label: `${value} times` }]}
      value={value}
      error={problems.repeats}
      allowDeselect={false}
      onChange={(chosen) => chosen !== null && choose(chosen)}
    />
  )
}

/** Nothing stands for the whole data set, and for quick's own choice. */
function SamplesField(props: SettingsProps) {
  const { draft, problems, onChange } = props
  const parse = (text: string): number | string | null =>
    text === '' ? null : /^\d+$/.test(text) ? Number(text) : text
  return (
    <TextInput
      label={
        <>
          Images an epoch <code className={styles.flag}>samples_per_epoch</code>
        </>
      }
      value={draft.samplesPerEpoch === null ? '' : String(draft.samplesPerEpoch)}
      error={problems.samplesPerEpoch}
      placeholder={draft.preset === 'quick' ? 'Chosen to fit a minute' : 'All'}
      onChange={({ currentTarget: { value } }) =>
        onChange(changed(draft, 'samplesPerEpoch', parse(value) as never))
      }
    />
  )
}

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{title}</legend>
      <SimpleGrid cols={{ base: 2, md: 3 }} spacing="sm" verticalSpacing="xs">
        {children}
      </SimpleGrid>
    </fieldset>
  )
}
