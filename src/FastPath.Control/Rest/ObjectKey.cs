namespace FastPath.Control.Rest;

/// <summary>
/// Identity of an object among those of its kind, as it stands in the path: a name, or two parts such as bridge and MAC
/// address. Addresses are written in their canonical form, so that equal keys are equal texts.
/// </summary>
internal readonly record struct ObjectKey(string First, string? Second = null)
{
    public override string ToString() => Second == null ? First : $"{First}/{Second}";
}
