using System.CommandLine;
using FastPath.Api;

namespace FastPath.Cli.Commands;

/// <summary>get, put and delete: any resource by its path, such as ports/web1 or punt.</summary>
internal static class ObjectCommands
{
    public static void AddTo(Command root, Commands commands)
    {
        Argument<string> path = new("path") { Description = "Path in the API, such as config or ports/web1." };
        Command get = commands.Make("get", "Shows a resource as JSON.", async (session, line, cancel) =>
        {
            await session.WriteJson(ApiPath.Written(line.GetValue(path)!), cancel);
            return ExitCode.Ok;
        });
        Command put = Put(commands, path);
        Command delete = commands.MakeDelete("delete", "Removes a resource.", line => ApiPath.Written(line.GetValue(path)!));
        foreach (Command command in (Command[])[get, put, delete])
        {
            command.Arguments.Add(path);
            root.Subcommands.Add(command);
        }
    }

    private static Command Put(Commands commands, Argument<string> path)
    {
        Option<string?> file = Commands.FileOption("JSON of the resource; - is standard input.");
        file.Required = true;
        Option<bool> dryRun = Commands.DryRunOption();
        Command command = commands.Make("put", "Makes or replaces a resource.", async (session, line, cancel) =>
        {
            byte[] body = await session.ReadFile(line.GetValue(file)!, cancel);
            ChangeOptions options = new(line.GetValue(dryRun));
            string to = ApiPath.Written(line.GetValue(path)!);
            Commands.Report(session, await session.Client.Put(to, body, Commands.Json, options, cancel));
            return ExitCode.Ok;
        });
        command.Options.Add(file);
        command.Options.Add(dryRun);
        return command;
    }
}
