#!/bin/sh
# run-all.sh [--no-lab] [NUMBER...]: one line a case, then the counts. The whole output goes to results/NN.txt here.
export SLIPWAY_ROOT="${SLIPWAY_ROOT:-$PWD}"
cd "$(dirname "$0")" || exit 1
nolab=
[ "${1:-}" != --no-lab ] || { nolab=1 && shift; }
out=${RESULTS:-/tmp/slipway-cases-hosts}
mkdir -p "$out"
p=0 f=0 s=0 o=0
for case in [0-9][0-9]-*.sh; do
    number=${case%%-*}
    if [ $# -gt 0 ]; then case " $* " in *" $number "*) ;; *) continue ;; esac; fi
    if [ -n "$nolab" ] && grep -q '^# needs: running lab' "$case"; then continue; fi
    timeout 240 sh "./$case" >"$out/$number.txt" 2>&1
    case $? in 0) word=PASS p=$((p + 1)) ;; 1) word=FAIL f=$((f + 1)) ;; 77) word=SKIP s=$((s + 1)) ;; *) word=ODD o=$((o + 1)) ;; esac
    printf '%-4s %-34s %s\n' "$word" "${case%.sh}" "$(grep -E '^(PASS|FAIL|SKIP):' "$out/$number.txt" | tail -n 1 | cut -c7-130)"
done
echo "$p passed, $f failed, $s skipped, $o odd; $out"
