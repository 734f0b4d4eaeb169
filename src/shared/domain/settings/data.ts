import { datasetNames, datasets } from '../datasets.js'
import { modelNames, models, stemNames, stems } from '../models.js'
import { choiceOf, folderOrNone } from './input.js'
import { setting } from './setting.js'

/** The network, and the pictures. */
export const dataSettings = {
  modelName: setting({
    isEssential: true,
    group: 'data',
    label: 'Model',
    flag: '--model-name',
    help: 'the network: resnet18 or resnet34; with PyTorch any torchvision classifier, by name',
    unit: null,
    input: choiceOf(
      modelNames,
      (name) => models[name].title,
      (name) => models[name].title,
    ),
    notebook: 'resnet18',
    difference: 'speed',
    otherWork: (name) => models[name].title,
  }),
  stem: setting({
    group: 'data',
    label: 'Stem',
    flag: '--stem',
    help: 'the first layers: torchvision (7x7, max-pool) or cifar (3x3)',
    unit: null,
    input: choiceOf(stemNames, (name) => stems[name]),
    notebook: 'torchvision',
    difference: 'speed',
    otherWork: (name) => `with the ${name} stem`,
  }),
  dataset: setting({
    isEssential: true,
    group: 'data',
    label: 'Data',
    flag: '--dataset',
    help: 'CIFAR-10, the 2,000-picture sample that ships with Tandem, or generated pictures',
    unit: null,
    input: choiceOf(datasetNames, (name) => datasets[name].choice),
    notebook: 'cifar10',
    quick: 'sample',
    difference: 'speed',
  }),
  /** Null for the data sets that have none. */
  dataDir: setting({
    group: 'data',
    label: 'Data folder',
    flag: '--data-dir',
    help: "a folder with CIFAR-10's binary files",
    unit: null,
    input: folderOrNone('downloaded once'),
    notebook: null,
    difference: 'silent',
    placeholder: ({ dataset }) => (dataset === 'cifar10' ? 'Downloaded once (170 MB)' : 'Only for CIFAR-10'),
  }),
}
