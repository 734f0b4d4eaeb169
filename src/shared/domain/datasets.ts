/** The pictures that can be trained on. */
export const datasetNames = ['sample', 'cifar10', 'synthetic'] as const

export type DatasetName = (typeof datasetNames)[number]

export interface DatasetFacts {
  /** As titles of runs have it: `ResNet-18 on the sample`. */
  title: string
  /** As the form offers it. */
  choice: string
}

export const datasets: Readonly<Record<DatasetName, DatasetFacts>> = {
  sample: { title: 'the sample', choice: 'Sample: 2,000 pictures' },
  cifar10: { title: 'CIFAR-10', choice: 'CIFAR-10: 50,000 pictures' },
  synthetic: { title: 'synthetic pictures', choice: 'Synthetic: generated patterns' },
}
