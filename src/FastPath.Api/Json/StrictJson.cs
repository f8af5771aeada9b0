using System;
using System.Collections.Generic;
using System.Text.Json;

namespace FastPath.Api;

/// <summary>
/// Reads what somebody wrote by hand. Unlike the serializer, which stops at the first mistake, it finds every misspelt
/// member, wrong type and null, each with its JSON pointer, before anything is read.
/// </summary>
public static class StrictJson
{
    private static readonly JsonDocumentOptions s_document = new() { MaxDepth = ApiJson.DepthMax };

    /// <summary>Reads a record from UTF-8 text.</summary>
    /// <param name="utf8">JSON; no comments, no trailing commas.</param>
    /// <param name="at">JSON pointer of the value in its document; empty for a whole document.</param>
    /// <param name="errors">Takes every mistake.</param>
    /// <returns>The record; null when there were mistakes.</returns>
    public static T? Read<T>(ReadOnlyMemory<byte> utf8, string at, ICollection<FieldError> errors)
        where T : class
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, s_document);
            return Read<T>(document.RootElement, at, errors);
        }
        catch (JsonException e)
        {
            errors.Add(new FieldError(at, NotJson(e)));
            return null;
        }
    }

    /// <inheritdoc cref="Read{T}(ReadOnlyMemory{byte}, string, ICollection{FieldError})"/>
    public static T? Read<T>(JsonElement element, string at, ICollection<FieldError> errors)
        where T : class
    {
        int before = errors.Count;
        try
        {
            JsonShape.Check(element, ApiJson.Strict.TypeOf<T>(), at, errors);
            return errors.Count == before ? element.Deserialize(ApiJson.Strict.TypeOf<T>()) : null;
        }
        catch (InvalidOperationException)
        {
            // Thrown where a string is turned into text: bytes that are not UTF-8, or half of a surrogate pair.
            errors.Add(new FieldError(at, "a text in it is not valid Unicode"));
            return null;
        }
        catch (JsonException e)
        {
            errors.Add(new FieldError(at, NotJson(e)));
            return null;
        }
    }

    /// <summary>A member name or map key as one step of a JSON pointer (RFC 6901 3).</summary>
    public static string Step(string name) =>
        "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>
    /// The message without the position that the serializer appends in its own words, and without advice to programmers.
    /// </summary>
    public static string Sentence(JsonException e)
    {
        string message = e.Message;
        if (message.Contains("trailing comma", StringComparison.Ordinal))
            return "a comma before the closing bracket: JSON has none behind the last one, remove it";
        int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? message : message[..position];
    }

    // Lines count from 1 for people.
    private static string NotJson(JsonException e)
    {
        string what = Sentence(e);
        return e.LineNumber is { } line ? $"line {line + 1}, byte {e.BytePositionInLine + 1}: {what}" : what;
    }
}
