using System.Collections.Generic;
using FastPath.Api;
using Spectre.Console;

namespace FastPath.Cli.Output;

/// <summary>Text and tables for people.</summary>
internal sealed class Screen
{
    private readonly IAnsiConsole _console;

    public Screen(Terminal terminal, bool hasColor)
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = hasColor ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = hasColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(terminal.Output),
        });
        _console.Profile.Width = terminal.Width;
    }

    public void Line(string text) => _console.WriteLine(text);

    /// <summary>A heading of a part of the output.</summary>
    public void Heading(string text) => _console.Write(new Text(text + "\n", new Style(decoration: Decoration.Bold)));

    /// <summary>Rows under headings; a terminal that is too narrow breaks within cells.</summary>
    public void Table(IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<Cell>> rows)
    {
        Table table = new() { Border = TableBorder.None, ShowHeaders = true };
        foreach (Column column in columns)
        {
            TableColumn header = new(new Text(column.Heading, new Style(decoration: Decoration.Bold)));
            header.Padding = new Padding(0, 0, 2, 0);
            header.Alignment = column.IsNumber ? Justify.Right : Justify.Left;
            table.AddColumn(header);
        }

        foreach (IReadOnlyList<Cell> row in rows)
        {
            List<Text> cells = [];
            foreach (Cell cell in row)
                cells.Add(new Text(cell.Text.Length > 0 ? cell.Text : "-", StyleOf(cell.Mood)));
            table.AddRow(cells);
        }

        _console.Write(table);
    }

    /// <summary>What a change did or would do.</summary>
    public void Changes(ChangeResult result)
    {
        foreach (ChangeView change in result.Changes)
        {
            (string sign, Mood mood) = change.Operation switch
            {
                "add" => ("+", Mood.Good),
                "remove" => ("-", Mood.Bad),
                _ => ("~", Mood.Odd),
            };
            _console.Write(new Text($"{sign} {change.Path}", StyleOf(mood)));
            _console.Write(new Text(change.Effect.Length > 0 ? $": {change.Effect}\n" : "\n"));
            if (change is { Before: { } before, After: { } after })
            {
                Line($"    - {before}");
                Line($"    + {after}");
            }
        }

        if (result.Changes.Count == 0)
            Line("nothing to change");
    }

    private static Style StyleOf(Mood mood) => mood switch
    {
        Mood.Good => new Style(Color.Green),
        Mood.Odd => new Style(Color.Yellow),
        Mood.Bad => new Style(Color.Red),
        _ => Style.Plain,
    };
}
