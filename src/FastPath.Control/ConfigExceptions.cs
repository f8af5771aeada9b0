using System;
using System.Collections.Generic;
using FastPath.Api;

namespace FastPath.Control;

/// <summary>A configuration with errors; nothing of it was applied.</summary>
public sealed class InvalidConfigException(IReadOnlyList<FieldError> errors)
    : Exception(errors.Count == 1 ? $"{errors[0].Path}: {errors[0].Message}" : $"{errors.Count} errors in the configuration")
{
    public IReadOnlyList<FieldError> Errors { get; } = errors;
}

/// <summary>Somebody else changed the configuration first.</summary>
public sealed class RevisionConflictException(long expected, long actual)
    : Exception($"the configuration is at revision {actual}, not {expected}: read it again and repeat the change")
{
    public long Actual { get; } = actual;
}
