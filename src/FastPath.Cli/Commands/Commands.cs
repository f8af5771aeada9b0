using System;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;
using FastPath.Api;
using FastPath.Cli.Output;

namespace FastPath.Cli.Commands;

/// <summary>
/// What commands are made with: global options, the terminal, and options that several of them share.
/// </summary>
internal sealed class Commands(GlobalOptions options, Terminal terminal)
{
    /// <summary>Media type of a resource in a file.</summary>
    public const string Json = "application/json";

    public Terminal Terminal { get; } = terminal;

    /// <summary>A command that talks to fastpathd.</summary>
    public Command Make(string name, string description, Func<Session, ParseResult, CancellationToken, Task<int>> run)
    {
        Command command = new(name, description);
        command.SetAction(async (line, cancel) =>
        {
            using Session session = Session.Open(options, line, Terminal);
            return await run(session, line, cancel);
        });
        return command;
    }

    /// <summary>A command that changes one object, named by its arguments, to what its options say.</summary>
    /// <param name="name">Verb.</param>
    /// <param name="description">What it does.</param>
    /// <param name="path">Path of the object.</param>
    /// <param name="value">The object, from the options.</param>
    public Command MakePut<T>(
        string name, string description, Func<ParseResult, string> path, Func<ParseResult, T> value)
    {
        Option<string?> file = FileOption("JSON of the object in place of the options; - is standard input.");
        Option<bool> dryRun = DryRunOption();
        Option<bool> isNew = new("--new") { Description = "Refuse when it exists." };
        Command command = Make(name, description, async (session, line, cancel) =>
        {
            ChangeOptions change = new(line.GetValue(dryRun), MustBeNew: line.GetValue(isNew));
            Report(session, line.GetValue(file) is { } from
                ? await session.Client.Put(path(line), await session.ReadFile(from, cancel), Json, change, cancel)
                : await session.Client.Put(path(line), value(line), change, cancel));
            return ExitCode.Ok;
        });
        command.Options.Add(file);
        command.Options.Add(dryRun);
        command.Options.Add(isNew);
        return command;
    }

    /// <summary>A command that removes one object, named by its arguments.</summary>
    public Command MakeDelete(string name, string description, Func<ParseResult, string> path)
    {
        Option<bool> dryRun = DryRunOption();
        Command command = Make(name, description, async (session, line, cancel) =>
        {
            ChangeOptions change = new(line.GetValue(dryRun));
            if (await session.Client.Delete(path(line), change, cancel) is { } result)
                Report(session, result);
            return ExitCode.Ok;
        });
        command.Options.Add(dryRun);
        return command;
    }

    public static Option<string?> FileOption(string description) => new("--file", "-f")
    {
        Description = description,
        HelpName = "FILE",
    };

    public static Option<bool> DryRunOption() => new("--dry-run") { Description = "Only say what would change." };

    /// <summary>A list that an option repeats: --address A --address B.</summary>
    public static Option<string[]> ListOption(string name, string helpName, string description) => new(name)
    {
        Description = description + " May be repeated.",
        HelpName = helpName,
        DefaultValueFactory = _ => [],
    };

    public static Option<T> ValueOption<T>(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
    };

    /// <summary>Says what a change did or would do.</summary>
    public static void Report(Session session, ChangeResult result)
    {
        if (session.IsJson)
            JsonText.Write(session.Terminal.Output, result);
        else
            session.Screen.Changes(result);
    }
}
