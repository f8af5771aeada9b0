using System;

namespace FastPath.Control.Switch;

/// <summary>A port could not be opened.</summary>
/// <param name="field">Field of the port's object that is to blame, such as device; empty for the object itself.</param>
/// <param name="message">What happened and what would help.</param>
/// <param name="isMissing">The device is not there; the port waits for it.</param>
internal sealed class PortException(string field, string message, bool isMissing = false, Exception? inner = null)
    : Exception(message, inner)
{
    public string Field { get; } = field;

    public bool IsMissing { get; } = isMissing;
}
