//  Arguments: the commands of a program, declared once.
//
//      Command (a tree: options, operands, subcommands, texts) ─► ArgumentParser.parse ─► Outcome
//                     │                                              ├ run(Invocation)     typed values by declaration
//                     ├► HelpPage.text       --help                  ├ show(text)          --help, --version
//                     ├► ManualPage.text     a man page              └ refuse(UsageError)  exit status 2, with a suggestion
//                     └► ShellCompletion.bash
//
//  Options are GNU's: `--port 80` or `--port=80`, anywhere after their command, `--` ends them. Nothing here prints.
