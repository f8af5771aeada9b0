using System.Globalization;

namespace FastPath.Cli.Output;

/// <summary>How a value is to be taken; a colour where there are colours.</summary>
internal enum Mood
{
    Plain,
    Good,
    Odd,
    Bad,
}

/// <summary>A heading; numbers are aligned right.</summary>
internal readonly record struct Column(string Heading, bool IsNumber = false)
{
    public static implicit operator Column(string heading) => new(heading);

    public static Column Number(string heading) => new(heading, IsNumber: true);
}

/// <summary>One value of a table.</summary>
internal readonly record struct Cell(string Text, Mood Mood = Mood.Plain)
{
    public static implicit operator Cell(string text) => new(text);

    public static implicit operator Cell(int number) => new(number.ToString(CultureInfo.InvariantCulture));

    public static implicit operator Cell(ulong number) => new(number.ToString(CultureInfo.InvariantCulture));
}
