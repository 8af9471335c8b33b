# What fish completes behind `latchkey`.

function __latchkey_runs
    set -l words (commandline -opc)
    test (count $words) -gt 1; and contains -- $words[2] $argv
end

function __latchkey_has_no_command
    test (count (commandline -opc)) -eq 1
end

complete -c latchkey -f
complete -c latchkey -s h -l help -d 'Print how to use it'

complete -c latchkey -n __latchkey_has_no_command -l version -d 'Print the version'
complete -c latchkey -n __latchkey_has_no_command -a keygen -d 'Make a private key'
complete -c latchkey -n __latchkey_has_no_command -a pubkey -d 'Make the public key of a private one'
complete -c latchkey -n __latchkey_has_no_command -a seal -d 'Seal a file to a public key'
complete -c latchkey -n __latchkey_has_no_command -a open -d 'Open a sealed file'
complete -c latchkey -n __latchkey_has_no_command -a encaps -d 'Make a shared secret'
complete -c latchkey -n __latchkey_has_no_command -a decaps -d 'Get the shared secret'
complete -c latchkey -n __latchkey_has_no_command -a inspect -d 'Say what a file is'
complete -c latchkey -n __latchkey_has_no_command -a kat -d 'Check against known answers'
complete -c latchkey -n __latchkey_has_no_command -a speed -d 'Measure this machine'
complete -c latchkey -n __latchkey_has_no_command -a selftest -d 'Check against fixed answers'
complete -c latchkey -n __latchkey_has_no_command -a demo -d 'Show a key exchange'
complete -c latchkey -n __latchkey_has_no_command -a version -d 'Print versions'

# Files
complete -c latchkey -n '__latchkey_runs seal open decaps inspect kat' -F
complete -c latchkey -n '__latchkey_runs pubkey open decaps' -s i -l identity -rF -d 'Private key'
complete -c latchkey -n '__latchkey_runs seal encaps' -s r -l recipient -rF -d 'Public key'
complete -c latchkey -n '__latchkey_runs seal' -s R -l recipients-file -rF -d 'List of public keys'
complete -c latchkey -n '__latchkey_runs encaps' -s s -l secret -rF -d 'Where the secret goes'
complete -c latchkey -n '__latchkey_runs keygen pubkey seal open encaps decaps' \
    -s o -l output -rF -d 'Where to'
complete -c latchkey -n '__latchkey_runs keygen pubkey seal open encaps decaps' \
    -l force -d 'Replace a file, write a secret to a terminal'
complete -c latchkey -n '__latchkey_runs keygen pubkey open decaps inspect' \
    -l password-file -rF -d 'The password is its first line'
complete -c latchkey -n '__latchkey_runs keygen pubkey open decaps inspect' \
    -l password-fd -x -d 'The password is its next line'

# What they are to be
complete -c latchkey -n '__latchkey_runs keygen' -s t -l type -x -a 'x-wing ml-kem-768' -d 'Algorithm'
complete -c latchkey -n '__latchkey_runs keygen' -s p -l password -d 'Under a password'
complete -c latchkey -n '__latchkey_runs keygen' -l pbkdf2 -d 'Hash the password by PBKDF2'
complete -c latchkey -n '__latchkey_runs keygen pubkey' -l der -d 'In DER, not PEM'
complete -c latchkey -n '__latchkey_runs keygen pubkey seal' -l age -d 'As age has it'
complete -c latchkey -n '__latchkey_runs seal' -s a -l armor -d 'As text'
complete -c latchkey -n '__latchkey_runs seal open' -s c -l context -x -d 'What it is for'
complete -c latchkey -n '__latchkey_runs seal open' -l aad -x -d 'Text that goes with it'
complete -c latchkey -n '__latchkey_runs inspect kat speed' -l json -d 'For programs'
complete -c latchkey -n '__latchkey_runs speed' -l one-row -d 'Only the backend in use'
complete -c latchkey -n '__latchkey_runs kat' -l backend -x -a 'all avx512 avx2 ref' -d 'Backend'
complete -c latchkey -n '__latchkey_runs kat' -l accumulated -x -d 'Rounds'
complete -c latchkey -n '__latchkey_runs kat' -l no-accumulated -d 'Check the files alone'
