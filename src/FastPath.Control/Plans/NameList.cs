using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace FastPath.Control.Plans;

/// <summary>Names in a sentence: a change of thousands of objects is still one line of the log.</summary>
internal static class NameList
{
    private const int CharactersMax = 200;

    /// <summary>The names with commas, as many as there is room for: "a, b and 7 more". At least one.</summary>
    public static string Of(IReadOnlyCollection<string> names)
    {
        StringBuilder text = new();
        int told = 0;
        foreach (string name in names)
        {
            if (told > 0 && text.Length + name.Length > CharactersMax)
                break;
            text.Append(told++ > 0 ? ", " : "").Append(name);
        }

        return told == names.Count
            ? text.ToString()
            : text.Append(CultureInfo.InvariantCulture, $" and {names.Count - told} more").ToString();
    }
}
