# Completes daybook in bash: its commands, options, choices and paths.

# Enters the command path $1: options and values add up, the rest is set anew.
_daybook_enter() {
    commands='' operands=() many='' rest=''
    case $1 in
    '')
        commands='init append log show verify hooks sync erase keys'
        options+=(--ledger -h --help --version)
        values+=('--ledger directory')
        ;;
    'init')
        ;;
    'append')
        options+=(--secret)
        values+=('--secret text')
        operands=('file')
        many=1
        ;;
    'log')
        options+=(-s --source -n --limit --speed -f --follow -q --quiet --correlation --format)
        values+=('-s text' '--source text')
        values+=('-n text' '--limit text')
        values+=('--speed text')
        values+=('--correlation text')
        values+=('--format words table json ndjson csv')
        ;;
    'show')
        options+=(--format)
        values+=('--format words table json ndjson csv')
        operands=('text' 'words line body headers')
        ;;
    'verify')
        operands=('file')
        ;;
    'hooks')
        commands='verify list'
        options+=(--sources)
        values+=('--sources file')
        ;;
    'hooks verify')
        ;;
    'hooks list')
        options+=(--format)
        values+=('--format words table json ndjson csv')
        ;;
    'sync')
        operands=('text')
        rest='command'
        ;;
    'erase')
        options+=(--reason)
        values+=('--reason text')
        operands=('text')
        ;;
    'keys')
        commands='list rotate'
        ;;
    'keys list')
        ;;
    'keys rotate')
        operands=('text')
        many=1
        ;;
    esac
}

# Sets kind to what a value of option $1 may be; empty for a flag.
_daybook_kind() {
    local entry
    kind=''
    for entry in "${values[@]}"; do
        [[ $entry == "$1 "* ]] && kind=${entry#* }
    done
}

# Offers what begins with $current and is of kind $1.
_daybook_offer() {
    local candidate
    while IFS= read -r candidate; do
        COMPREPLY+=("$prefix$candidate")
    done < <(
        case $1 in
        file) compgen -f -- "$current" ;;
        directory) compgen -d -- "$current" ;;
        command) compgen -c -- "$current" ;;
        words\ *) compgen -W "${1#words }" -- "$current" ;;
        esac
    )
    # Bash 3.2 has no compopt; there a folder just gets no slash.
    case $1 in
    file | directory) compopt -o filenames 2>/dev/null ;;
    esac
}

_daybook() {
    local current=${COMP_WORDS[COMP_CWORD]} path='' kind='' prefix='' after='' count=0
    local commands='' options=() values=() operands=() many='' rest='' index word
    COMPREPLY=()
    _daybook_enter ''
    for ((index = 1; index < COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        if [[ $word == [=:]* ]]; then
            # Bash has split a word here; the next part still belongs to it.
            [[ -n $kind ]] || kind=text
        elif [[ -n $kind ]]; then
            kind=''
        elif [[ -n $after ]]; then
            ((count++))
        elif [[ $word == -- ]]; then
            after=1
            [[ -z $rest ]] || count=0
        elif [[ $word == -?* ]]; then
            _daybook_kind "$word"
        elif [[ " $commands " == *" $word "* ]]; then
            path=${path:+$path }$word
            _daybook_enter "$path"
        else
            ((count++))
        fi
    done
    if [[ $current == [=:]* ]]; then
        current=''
        [[ -n $kind ]] || kind=text
    elif [[ -z $kind && -z $after && $current == --*=* ]]; then
        prefix=${current%%=*}=
        _daybook_kind "${current%%=*}"
        current=${current#*=}
    fi
    if [[ -n $kind ]]; then
        _daybook_offer "$kind"
    elif [[ -n $after && -n $rest ]]; then
        ((count == 0)) || rest=file
        _daybook_offer "$rest"
    elif [[ $current == -* && -z $after ]]; then
        _daybook_offer "words ${options[*]}"
    elif [[ -n $commands ]]; then
        _daybook_offer "words $commands"
    elif ((count < ${#operands[@]})); then
        _daybook_offer "${operands[count]}"
    elif [[ -n $many ]]; then
        _daybook_offer "${operands[${#operands[@]} - 1]}"
    elif [[ -n $rest && -z $after ]]; then
        _daybook_offer 'words --'
    fi
}

complete -F _daybook daybook
