using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using FastPath.Api;

namespace FastPath.Cli.Commands;

/// <summary>apply, diff and export: the whole configuration.</summary>
internal static class ConfigCommands
{
    private const string Yaml = "application/yaml";

    public static void AddTo(Command root, Commands commands)
    {
        root.Subcommands.Add(Apply(commands));
        root.Subcommands.Add(Diff(commands));
        root.Subcommands.Add(commands.Make("export", "Writes the configuration as YAML, or as JSON with -o json.",
            async (session, _, cancel) =>
            {
                if (session.IsJson)
                    await session.WriteJson("config", cancel);
                else
                    await session.Terminal.Output.WriteAsync(await session.Client.Text("config", Yaml, cancel));
                return ExitCode.Ok;
            }));
    }

    private static Command Apply(Commands commands)
    {
        Option<string?> file = Required();
        Option<bool> dryRun = Commands.DryRunOption();
        Option<long?> revision =
            Commands.ValueOption<long?>("--if-revision", "N", "Refuse when the revision is another one.");
        Command command = commands.Make("apply", "Replaces the configuration: all of it or nothing.",
            async (session, line, cancel) =>
            {
                ChangeOptions options = new(line.GetValue(dryRun), line.GetValue(revision));
                Commands.Report(session, await Put(session, line.GetValue(file)!, options, cancel));
                return ExitCode.Ok;
            });
        command.Options.Add(file);
        command.Options.Add(dryRun);
        command.Options.Add(revision);
        return command;
    }

    private static Command Diff(Commands commands)
    {
        Option<string?> file = Required();
        Command command = commands.Make("diff", "Says what apply would change; status 3 when there is something.",
            async (session, line, cancel) =>
            {
                ChangeResult result = await Put(session, line.GetValue(file)!, new ChangeOptions(DryRun: true), cancel);
                Commands.Report(session, result);
                return result.Changes.Count == 0 ? ExitCode.Ok : ExitCode.Different;
            });
        command.Options.Add(file);
        return command;
    }

    private static Option<string?> Required()
    {
        Option<string?> file = Commands.FileOption("Configuration, YAML or JSON; - is standard input.");
        file.Required = true;
        return file;
    }

    // JSON is sent as YAML too: fastpathd reads both, and it knows the lines of what is wrong.
    private static async Task<ChangeResult> Put(
        Session session, string file, ChangeOptions options, CancellationToken cancel) =>
        await session.Client.Put("config", await session.ReadFile(file, cancel), Yaml, options, cancel);
}
