// SPDX-License-Identifier: ISC
// bagit-tools of npm, an implementation of BagIt that is not ours:
//   node peer.js make FOLDER DIGEST     a bag, with names of many kinds
//   node peer.js check FOLDER VERSION   exit 0: it says that the bag is valid
'use strict'
const fs = require('fs')
const path = require('path')
const tools = require('bagit-tools')
const [what, folder, how] = process.argv.slice(2)

function make () {
  const bag = tools.fs(folder, how, { 'Contact-Name': 'Zo\u00eb' })
  const names = ['plain.txt', 'a b.txt', 'u\u0301.txt', '\u00fc.txt', '-dash',
    "it's", 'sub/deep/file', '#hash', 'ends~']
  const next = () => {
    const name = names.shift()
    if (name === undefined) return bag.finalize(end)
    fs.mkdirSync(path.join(folder, 'data', path.dirname(name)),
      { recursive: true })
    const out = bag.createWriteStream(name)
    // its line stands in the manifest once the stream has ended
    out.on('end', next).resume()
    out.end('content of ' + name + '\n')
  }
  next()
}
function end (error) {
  if (error) throw error
}
function check () {
  tools.verify(folder, { version: how, test: true }, (error, valid) => {
    process.exit(error ? 3 : valid ? 0 : 1)
  })
}
if (what === 'make') make()
else check()
