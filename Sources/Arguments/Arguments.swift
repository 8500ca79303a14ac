//  Arguments: the commands of a program, declared once.
//
//      Command (a tree: options, operands, subcommands, texts) ─► ArgumentParser.parse ─► Outcome
//                     │                                              ├ run(Invocation)     typed values by declaration
//                     └► HelpPage.text                               ├ show(text)          --help, --version
//                                                                    └ refuse(UsageError)  exit status 2, with a suggestion
//
//  Options are GNU's: `--port 80` or `--port=80`, anywhere after their command, `--` ends them. Nothing here prints.
//
//  From the same table: `Completion` says what may be typed next and `CompletionScript` has each shell ask for it
//  (`ShellLine` reads bash's line and quotes for it); `Manual` writes the man pages; `Advice` guesses what was meant.
