#!/usr/bin/env bash
# Builds echarts.min.js anew, the same bytes each time; needs Node's npm.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/echarts.entry.js" "$work/entry.js"
cd "$work"
npm install --silent --no-save --no-audit --no-fund echarts@6.1.0 esbuild@0.28.2
{
  echo '/*! Apache ECharts 6.1.0, bars, lines and graphs only, unchanged. Copyright 2017-2026 The Apache Software'
  echo 'Foundation. Licensed under the Apache License, Version 2.0: https://www.apache.org/licenses/LICENSE-2.0'
  echo 'It holds zrender 6.1.0 and parts of d3, under the BSD 3-Clause licenses that follow, and tslib 2.3.0 (0BSD).'
  echo
  cat node_modules/zrender/LICENSE
  echo
  echo
  cat node_modules/echarts/licenses/LICENSE-d3
  echo '*/'
} > banner.txt
node_modules/.bin/esbuild entry.js --bundle --minify --format=iife --global-name=echarts --target=es2019 \
  --charset=ascii --legal-comments=none --define:process.env.NODE_ENV='"production"' --define:__DEV__=false \
  --outfile=built.js
cat banner.txt built.js > "$here/echarts.min.js"
