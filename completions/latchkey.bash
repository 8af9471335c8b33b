# What bash completes behind `latchkey`.

_latchkey() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words=
  # bash takes the sign of --output=FILE for a word.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  COMPREPLY=()

  case $before in
    -t | --type) words="x-wing ml-kem-768" ;;
    --backend) words="all avx512 avx2 ref" ;;
    -c | --context | --aad | --password-fd | --accumulated)
      compopt +o default # no file
      return
      ;;
    -i | --identity | -r | --recipient | -R | --recipients-file | -o | --output | -s | --secret | \
      --password-file) return ;; # a file
    *)
      if ((COMP_CWORD == 1)); then
        words="keygen pubkey seal open encaps decaps inspect kat speed selftest demo version
          -h --help --version"
        compopt +o default
      elif [[ $word == -* || ${COMP_WORDS[1]} == @(keygen|pubkey|encaps|speed) ]]; then
        words=$(_latchkey_options "${COMP_WORDS[1]}")
        compopt +o default
      fi
      ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

_latchkey_options() {
  local output="-o --output --force" password="--password-file --password-fd"
  case $1 in
    keygen) echo "$output -t --type --age --der -p --password --pbkdf2 $password" ;;
    pubkey) echo "-i --identity $output --age --der $password" ;;
    seal) echo "-r --recipient -R --recipients-file $output --age -a --armor -c --context --aad" ;;
    open) echo "-i --identity $output -c --context --aad $password" ;;
    encaps) echo "-r --recipient -s --secret $output" ;;
    decaps) echo "-i --identity $output $password" ;;
    inspect) echo "--json $password" ;;
    kat) echo "--backend --accumulated --no-accumulated --json" ;;
    speed) echo "--json --one-row" ;;
  esac
  echo "-h --help"
}

complete -o default -F _latchkey latchkey
