#compdef daybook
# Completes daybook in zsh: its commands, options, choices and paths.

_daybook() {
    local -a options
    options+=(
        '(--ledger)--ledger=[works on the ledger in this folder]:DIR:_files -/'
        '(-h --help)-h[shows this help]'
        '(-h --help)--help[shows this help]'
        '(--version)--version[shows the version]'
    )
    local curcontext=$curcontext state line
    typeset -A opt_args
    _arguments -s -S -C $options ':command:->command' '*::argument:->argument'
    case $state in
    command)
        local -a commands
        commands=(
            'init:makes a ledger'
            'append:appends facts'
            'sync:runs a job and records its result'
            'log:lists events'
            'show:shows one event whole'
            'verify:checks lines, chain, bodies and signatures'
            'hooks:works with captured requests'
            'erase:erases the bodies of a subject'
            'keys:lists and rotates signing keys'
        )
        _describe command commands
        ;;
    argument)
        case $line[1] in
        init) _daybook_init ;;
        append) _daybook_append ;;
        log) _daybook_log ;;
        show) _daybook_show ;;
        verify) _daybook_verify ;;
        hooks) _daybook_hooks ;;
        sync) _daybook_sync ;;
        erase) _daybook_erase ;;
        keys) _daybook_keys ;;
        esac
        ;;
    esac
}

_daybook_init() {
    _arguments -s -S $options
}

_daybook_append() {
    options+=(
        '*--secret=[redacts this field]:NAME: '
    )
    _arguments -s -S $options '*:FILE:_files'
}

_daybook_log() {
    options+=(
        '*-s+[only events of this source]:NAME: '
        '*--source=[only events of this source]:NAME: '
        '(-n --limit)-n+[lists at most N events; 0 for all]:N: '
        '(-n --limit)--limit=[lists at most N events; 0 for all]:N: '
        '(--speed)--speed=[replays so many times faster]:X: '
        '(-f --follow)-f[waits for new events and lists them as they come]'
        '(-f --follow)--follow[waits for new events and lists them as they come]'
        '(-q --quiet)-q[shows no heading]'
        '(-q --quiet)--quiet[shows no heading]'
        '(--correlation)--correlation=[only events with this \[correlation\]\: an id]:ID: '
        '(--format)--format=[shows rows in this form]:FORM:(table json ndjson csv)'
    )
    _arguments -s -S $options
}

_daybook_show() {
    options+=(
        '(--format)--format=[shows rows in this form]:FORM:(table json ndjson csv)'
    )
    _arguments -s -S $options ':SEQ: ' '::PART:(line body headers)'
}

_daybook_verify() {
    _arguments -s -S $options '::BUNDLE:_files'
}

_daybook_hooks() {
    options+=(
        '(--sources)--sources=[reads the sources from here]:FILE:_files'
    )
    local curcontext=$curcontext state line
    typeset -A opt_args
    _arguments -s -S -C $options ':command:->command' '*::argument:->argument'
    case $state in
    command)
        local -a commands
        commands=(
            'verify:says whether requests would pass, and why not'
            'list:lists captured requests'
        )
        _describe command commands
        ;;
    argument)
        case $line[1] in
        verify) _daybook_hooks_verify ;;
        list) _daybook_hooks_list ;;
        esac
        ;;
    esac
}

_daybook_hooks_verify() {
    _arguments -s -S $options
}

_daybook_hooks_list() {
    options+=(
        '(--format)--format=[shows rows in this form]:FORM:(table json ndjson csv)'
    )
    _arguments -s -S $options
}

_daybook_sync() {
    _arguments -s -S $options ':NAME: ' '*:::COMMAND: _normal'
}

_daybook_erase() {
    options+=(
        '(--reason)--reason=[why, for the record]:TEXT: '
    )
    _arguments -s -S $options ':SUBJECT: '
}

_daybook_keys() {
    local curcontext=$curcontext state line
    typeset -A opt_args
    _arguments -s -S -C $options ':command:->command' '*::argument:->argument'
    case $state in
    command)
        local -a commands
        commands=(
            'list:lists keys, oldest first'
            'rotate:makes a new key'
        )
        _describe command commands
        ;;
    argument)
        case $line[1] in
        list) _daybook_keys_list ;;
        rotate) _daybook_keys_rotate ;;
        esac
        ;;
    esac
}

_daybook_keys_list() {
    _arguments -s -S $options
}

_daybook_keys_rotate() {
    _arguments -s -S $options '*:NAME: '
}

# Read as a file of $fpath, this is the function's body; sourced, it is not.
if [[ $funcstack[1] == _daybook ]]; then
    _daybook "$@"
else
    compdef _daybook daybook
fi
