using System.Collections.Generic;
using System.Globalization;
using FastPath.Api;

namespace FastPath.Control.Config;

/// <summary>Errors found so far.</summary>
internal sealed class ConfigErrors
{
    private readonly List<FieldError> _list = [];

    public IReadOnlyList<FieldError> List => _list;

    /// <summary>A field of the document itself.</summary>
    public Field At(string name) => new(this, "/" + name);

    public void Add(string path, string message) => _list.Add(new FieldError(path, message));
}

/// <summary>A place in the document that errors can be reported for.</summary>
internal readonly record struct Field(ConfigErrors Errors, string Path)
{
    public Field Item(string name) => new(Errors, Path + StrictJson.Step(name));

    public Field Item(int index) => new(Errors, string.Create(CultureInfo.InvariantCulture, $"{Path}/{index}"));

    public void Add(string message) => Errors.Add(Path, message);

    /// <summary>Reports a number outside its range.</summary>
    /// <returns>Whether it is inside.</returns>
    public bool InRange(int value, int least, int most, string unit = "")
    {
        if (value >= least && value <= most)
            return true;
        Add(string.Create(CultureInfo.InvariantCulture, $"{value} is out of range: write {least} to {most}{unit}"));
        return false;
    }

    /// <summary>Reports a number that is not a power of two of a range.</summary>
    public bool IsPowerOfTwo(int value, int least, int most)
    {
        if (value >= least && value <= most && (value & (value - 1)) == 0)
            return true;
        Add(string.Create(CultureInfo.InvariantCulture, $"{value} is not possible: write a power of two from {least} to {most}"));
        return false;
    }
}
