#!/bin/sh
# SPDX-License-Identifier: MIT
# Records what a real node says about a block: usage record.sh BITCOIND BITCOIN-CLI > regtest_block.json
# It starts its own regtest node without network in a temporary folder, fills a block with outputs of every
# standard type, and writes the block, its basic filter, and a Merkle proof of each transaction.
set -eu
bitcoind=$1
cli=$2
data=$(mktemp -d)
"$bitcoind" -regtest -datadir="$data" -listen=0 -rpcport=28917 -blockfilterindex=1 -fallbackfee=0.0001 \
  -dnsseed=0 -fixedseeds=0 -natpmp=0 -server -txindex=1 >/dev/null &
node=$!
finish() { kill "$node"; wait "$node" || true; rm -rf "$data"; }
trap finish EXIT
call() { "$cli" -regtest -datadir="$data" -rpcport=28917 -rpcwait "$@"; }
rpc() { call -rpcwallet=w "$@"; }
scripts() { call -rpcwallet=scripts "$@"; }

rpc createwallet w >/dev/null
rpc generatetoaddress 110 "$(rpc getnewaddress '' bech32)" >/dev/null
address() { rpc decodescript "$1" | sed -n 's/^  "address": "\(.*\)",/\1/p'; }
witness_script=$(address "0020$(printf '%064d' 7)")
anchor=$(address 51024e73)
future=$(address 5210751e76e8199196d454941c45d1b3a323)

# A wallet whose coins are spent by scripts: a taproot leaf at depth two, and a witness script of two keys.
rpc createwallet scripts false true >/dev/null
key=tprv8ZgxMBicQKsPd7Uf69XL1XwhmjHopUGep8GuEiJDZmbQz6o58LninorQAfcKZWARbtRtfnLcJ5MQ2AtHcQJCCRUcMRvmDUjyEmNUWwx8UbK
nums=50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0
for template in "tr($nums,{pk($key/0),{pk($nums),pk($nums)}})" "tr($nums,{pk($nums),{pk($key/1),pk($nums)}})" "wsh(multi(2,$key/2,$key/3))"; do
  checksum=$(rpc getdescriptorinfo "$template" | sed -n 's/.*"checksum": "\(.*\)",/\1/p')
  scripts importdescriptors "[{\"desc\":\"$template#$checksum\",\"timestamp\":\"now\"}]" >/dev/null
  public=$(rpc getdescriptorinfo "$template" | sed -n 's/.*"descriptor": "\(.*\)",/\1/p')
  rpc sendtoaddress "$(rpc deriveaddresses "$public" | tr -d '[] \n"')" 1.25 >/dev/null
done
rpc generatetoaddress 1 "$(rpc getnewaddress)" >/dev/null
for type in legacy p2sh-segwit bech32 bech32m; do
  rpc sendtoaddress "$(rpc getnewaddress '' $type)" 1.5 >/dev/null
done
rpc generatetoaddress 1 "$(rpc getnewaddress)" >/dev/null

for coin in $(scripts listunspent | tr -d ' ,"' | sed -n 's/^txid:\(.*\)/\1/p'); do
  index=$(scripts listunspent | tr -d ' ,"\n' | sed -n "s/.*txid:${coin}vout:\([0-9]*\).*/\1/p")
  raw=$(rpc createrawtransaction "[{\"txid\":\"$coin\",\"vout\":$index}]" "[{\"$anchor\":0.1},{\"$future\":1.149}]")
  rpc sendrawtransaction "$(scripts signrawtransactionwithwallet "$raw" | sed -n 's/.*"hex": "\(.*\)",/\1/p')" >/dev/null
done

# Spends coins of each type, and pays to each: a key hash, a script hash, a witness script hash, an anchor, a
# witness program of the future, data.
for coin in $(rpc listunspent 1 1 | tr -d ' ,"' | sed -n 's/^txid:\(.*\)/\1/p' | sort -u); do
  for index in 0 1; do
    amount=$(rpc gettxout "$coin" $index | sed -n 's/.*"value": \(1\.5[0-9]*\),.*/\1/p')
    [ -n "$amount" ] || continue
    raw=$(rpc createrawtransaction "[{\"txid\":\"$coin\",\"vout\":$index}]" \
      "[{\"$(rpc getnewaddress '' legacy)\":0.3},{\"$witness_script\":0.2},{\"$anchor\":0.1},{\"$future\":0.1},{\"$(rpc getnewaddress '' bech32m)\":0.79},{\"data\":\"626f776c696e65\"}]")
    rpc sendrawtransaction "$(rpc signrawtransactionwithwallet "$raw" | sed -n 's/.*"hex": "\(.*\)",/\1/p')" >/dev/null
  done
done
rpc sendtoaddress "$future" 1 >/dev/null # nine transactions: an odd number on three levels of the tree
hash=$(rpc generatetoaddress 1 "$(rpc getnewaddress '' bech32m)" | tr -d '[] \n"')
while ! rpc getblockfilter "$hash" >/dev/null 2>&1; do sleep 1; done

previous=$(rpc getblockheader "$hash" | sed -n 's/.*"previousblockhash": "\([0-9a-f]*\)".*/\1/p')
echo "{\"node\": \"$("$bitcoind" -version | head -1)\","
echo "\"raw\": $(rpc getblock "$hash" 0 | sed 's/.*/"&"/'),"
echo "\"block\": $(rpc getblock "$hash" 3),"
echo "\"filter\": $(rpc getblockfilter "$hash"),"
echo "\"previousFilter\": $(rpc getblockfilter "$previous"),"
echo "\"proofs\": {"
separator=
for txid in $(rpc getblock "$hash" 1 | sed -n '/"tx"/,/]/s/.*"\([0-9a-f]\{64\}\)".*/\1/p'); do
  printf '%s"%s": "%s"' "$separator" "$txid" "$(rpc gettxoutproof "[\"$txid\"]" "$hash")"
  separator=',
'
done
echo "}}"
