#!/bin/sh
# Shows what this machine's NVIDIA GPU can do with this machine's own PyTorch, and writes it to a folder:
#
#   gpu-check/run.sh [OUTPUT]
#
# Needs python3 with torch and torchvision, or another Python in TANDEM_PYTHON; no network, and nothing is installed.
# GPU_CHECK_DEVICES=cpu:1 tries the script where there is no GPU; GPU_CHECK_STEPS and GPU_CHECK_BATCH make it shorter.
set -u
here=$(cd "$(dirname "$0")" && pwd)
output=${1:-gpu-check-output}
mkdir -p "$output" || exit 1

# What nvidia-smi answers here, in the words that Tandem reads; boards are not told by name.
{
  nvidia-smi --query-gpu=index,uuid,memory.total,driver_version,name --format=csv,noheader,nounits
  echo "exit code $?"
  nvidia-smi --query-gpu=index,uuid,enforced.power.limit,power.default_limit,clocks.applications.graphics,clocks.default_applications.graphics,name --format=csv,noheader,nounits
  echo "exit code $?"
} 2>&1 | sed 's/\(GPU\|MIG\)-[0-9a-f]\{8\}-[0-9a-f-]*/\1-.../g' > "$output/nvidia-smi.txt"

GPU_CHECK_HOME=$here
GPU_CHECK_OUTPUT=$output
GPU_CHECK_VERSION=$(sed -n 's/^ *"version": "\(.*\)".*/\1/p' "$here/package.json")
export GPU_CHECK_HOME GPU_CHECK_OUTPUT GPU_CHECK_VERSION
exec "$here/node" --input-type=module --eval "
  const { main } = await import(process.env.GPU_CHECK_HOME + '/gpu-check.mjs')
  await main(process.env)
"
