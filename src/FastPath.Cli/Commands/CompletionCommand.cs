using System.CommandLine;

namespace FastPath.Cli.Commands;

/// <summary>completion: scripts that ask fastpath itself what can follow.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _fastpath() {
            local IFS=$'\n'
            local words=$(fastpath "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
            COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _fastpath fastpath
        """;

    private const string Zsh = """
        #compdef fastpath
        _fastpath() {
            local words=("${(@f)$(fastpath "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            compadd -- "${words[@]}"
        }
        compdef _fastpath fastpath
        """;

    private const string Fish = """
        function __fastpath
            set -l line (commandline -cp)
            fastpath "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null
        end
        complete -c fastpath -f -a '(__fastpath)'
        """;

    public static void AddTo(Command root, Commands commands)
    {
        Argument<string> shell = new("shell");
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Command command = new("completion", "Writes a completion script: source <(fastpath completion bash).");
        command.Arguments.Add(shell);
        command.SetAction(line =>
        {
            commands.Terminal.Output.WriteLine(line.GetValue(shell) switch { "zsh" => Zsh, "fish" => Fish, _ => Bash });
            return ExitCode.Ok;
        });
        root.Subcommands.Add(command);
    }
}
