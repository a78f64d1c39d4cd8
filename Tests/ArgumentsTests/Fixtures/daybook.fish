# Completes daybook in fish: its commands, options, choices and paths.

# Prints the path of the command that the words before the cursor call.
function __daybook_path
    set -l paths 'init' 'append' 'log' 'show' 'verify' 'hooks' 'hooks verify' 'hooks list' 'sync' 'erase' 'keys' 'keys list' 'keys rotate'
    set -l path
    set -l skip no
    set -l words (commandline -opc)
    set -e words[1]
    for word in $words
        if test $skip = yes
            set skip no
        else if contains -- $word --ledger --sources
            set skip yes
        else if contains -- (string join ' ' -- $path $word) $paths
            set path $path $word
        end
    end
    string join ' ' -- $path
end

# Tells whether that command is the one at path $argv.
function __daybook_at
    set -l path (__daybook_path)
    test "$path" = "$argv"
end

# Tells whether that command is the one at path $argv or below it.
function __daybook_in
    set -l path (__daybook_path)
    string match -q -- "$argv *" "$path "
end

complete -c daybook -f

complete -c daybook -n '__daybook_at' -a init -d 'makes a ledger'
complete -c daybook -n '__daybook_at' -a append -d 'appends facts'
complete -c daybook -n '__daybook_at' -a sync -d 'runs a job and records its result'
complete -c daybook -n '__daybook_at' -a log -d 'lists events'
complete -c daybook -n '__daybook_at' -a show -d 'shows one event whole'
complete -c daybook -n '__daybook_at' -a verify -d 'checks lines, chain, bodies and signatures'
complete -c daybook -n '__daybook_at' -a hooks -d 'works with captured requests'
complete -c daybook -n '__daybook_at' -a erase -d 'erases the bodies of a subject'
complete -c daybook -n '__daybook_at' -a keys -d 'lists and rotates signing keys'
complete -c daybook -l ledger -x -a '(__fish_complete_directories)' -d 'works on the ledger in this folder'
complete -c daybook -l help -s h -d 'shows this help'
complete -c daybook -l version -d 'shows the version'

complete -c daybook -n '__daybook_at append' -F -d 'FILE'
complete -c daybook -n '__daybook_in append' -l secret -x -d 'redacts this field'

complete -c daybook -n '__daybook_in log' -l source -s s -x -d 'only events of this source'
complete -c daybook -n '__daybook_in log' -l limit -s n -x -d 'lists at most N events; 0 for all'
complete -c daybook -n '__daybook_in log' -l speed -x -d 'replays so many times faster'
complete -c daybook -n '__daybook_in log' -l follow -s f -d 'waits for new events and lists them as they come'
complete -c daybook -n '__daybook_in log' -l quiet -s q -d 'shows no heading'
complete -c daybook -n '__daybook_in log' -l correlation -x -d 'only events with this [correlation]: an id'
complete -c daybook -n '__daybook_in log' -l format -x -a 'table json ndjson csv' -d 'shows rows in this form'

complete -c daybook -n '__daybook_at show' -a 'line body headers' -d 'PART'
complete -c daybook -n '__daybook_in show' -l format -x -a 'table json ndjson csv' -d 'shows rows in this form'

complete -c daybook -n '__daybook_at verify' -F -d 'BUNDLE'

complete -c daybook -n '__daybook_at hooks' -a verify -d 'says whether requests would pass, and why not'
complete -c daybook -n '__daybook_at hooks' -a list -d 'lists captured requests'
complete -c daybook -n '__daybook_in hooks' -l sources -r -F -d 'reads the sources from here'

complete -c daybook -n '__daybook_in hooks list' -l format -x -a 'table json ndjson csv' -d 'shows rows in this form'

complete -c daybook -n '__daybook_at sync; and contains -- -- (commandline -opc)' -a '(__fish_complete_command)' -F

complete -c daybook -n '__daybook_in erase' -l reason -x -d 'why, for the record'

complete -c daybook -n '__daybook_at keys' -a list -d 'lists keys, oldest first'
complete -c daybook -n '__daybook_at keys' -a rotate -d 'makes a new key'
