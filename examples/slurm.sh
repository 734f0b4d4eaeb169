#!/bin/bash
#SBATCH --job-name=tandem
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node=8
#SBATCH --cpus-per-task=64
#SBATCH --exclusive
#SBATCH --time=01:00:00
#SBATCH --output=tandem-%j.log

# One Tandem a node, from a clone on a file system that all nodes share. Which node is which, and where they meet, Tandem
# reads from Slurm's variables: SLURM_NNODES, SLURM_NODEID and the list of nodes.
set -euo pipefail

cd "${TANDEM_FOLDER:-$HOME/tandem}"

# A secret for this job alone, which nobody else can read; the folder must be on all nodes as well.
secret="$PWD/.tandem-secret-$SLURM_JOB_ID"
trap 'rm -f "$secret"' EXIT
npm run --silent tandem -- agent secret "$secret"

srun --kill-on-bad-exit=1 npm run --silent tandem -- run \
  --backend pytorch --rdzv-secret-file "$secret" "$@"
