/// What a shell runs when Tab is pressed: it asks the program what may follow (`COMPLETE SHELL …`), so that a script knows
/// the commands of whatever version is installed.
///
/// The program answers a line for each word, behind `=`, and in zsh and fish with its meaning behind a tab; or the line
/// `files` or `folders`, which the shell knows best.
public enum CompletionScript: String, CaseIterable, Sendable {
    case bash
    case zsh
    case fish

    /// The word that asks; no command of the table.
    public static let question = "complete"

    /// - Parameter program: its name, for example `hostelry`.
    public func text(_ program: String) -> String {
        switch self {
        case .bash:
            """
            # Completion of \(program) in bash. In ~/.bashrc:   eval "$(\(program) completion bash)"
            # or as the file /usr/share/bash-completion/completions/\(program).

            _\(program)() {
                local line
                COMPREPLY=()
                compopt +o default +o dirnames
                while IFS= read -r line; do
                    case $line in
                        files) compopt -o default ;;
                        folders) compopt -o dirnames ;;
                        =*) COMPREPLY+=("${line#=}") ;;
                    esac
                done < <(command \(program) \(Self.question) bash "$COMP_WORDBREAKS" "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
            }

            complete -F _\(program) \(program)

            """
        case .zsh:
            """
            #compdef \(program)
            # Completion of \(program) in zsh. In ~/.zshrc, behind compinit:   eval "$(\(program) completion zsh)"
            # or as the file _\(program) in a folder of $fpath.

            _\(program)() {
                local line word
                local -a lines found shown
                local -i explained=0
                lines=("${(@f)$(command \(program) \(Self.question) zsh "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
                for line in "${lines[@]}"; do
                    case $line in
                        files|folders)
                            [[ $PREFIX == -*=* ]] && compset -P '*='
                            if [[ $line == files ]]; then _files; else _files -/; fi
                            return ;;
                        '='*)
                            word=${line[2,-1]%%$'\\t'*}
                            found+=("$word")
                            if [[ $line == *$'\\t'* ]]; then
                                explained=1
                                shown+=("${(r:24:)word}  ${line#*$'\\t'}")
                            else
                                shown+=("$word")
                            fi ;;
                    esac
                done
                (( $#found )) || return 1
                if (( explained )); then compadd -l -d shown -a found; else compadd -a found; fi
            }

            if [[ $funcstack[1] == _\(program) ]]; then _\(program) "$@"; else compdef _\(program) \(program); fi

            """
        case .fish:
            """
            # Completion of \(program) in fish. In ~/.config/fish/config.fish:   \(program) completion fish | source
            # or as the file ~/.config/fish/completions/\(program).fish.

            function __\(program)_complete
                set -l before (commandline -opc)
                set -e before[1]
                set -l current (commandline -ct)
                set -l prefix (string match -r -- '^-[^=]*=' "$current")
                set -l path (string replace -r -- '^-[^=]*=' '' "$current")
                for line in (command \(program) \(Self.question) fish $before "$current" 2>/dev/null)
                    switch $line
                        case files
                            for file in (__fish_complete_path "$path")
                                echo -- "$prefix$file"
                            end
                        case folders
                            for folder in (__fish_complete_directories "$path" '')
                                echo -- "$prefix$folder"
                            end
                        case '=*'
                            string sub -s 2 -- $line
                    end
                end
            end

            complete -c \(program) -f -a '(__\(program)_complete)'

            """
        }
    }
}
