using System.Collections.Generic;
using System.IO;
using System.Text.Json.Nodes;
using FastPath.Api;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FastPath.Control.Config;

/// <summary>
/// YAML to JSON nodes: mappings with text keys, sequences and scalars. What a plain scalar means follows YAML 1.2, with
/// numbers as JSON writes them: "no", "010" and "0x10" stay text.
/// </summary>
/// <remarks>
/// Refused: more than one document, tags, duplicate keys, aliases to what contains them. Depth, nodes (with those that
/// aliases repeat) and length are bounded, so that a short text cannot become a large configuration.
/// </remarks>
internal sealed class YamlReader
{
    public const int CharactersMax = 16 << 20;
    private const int DepthMax = ApiJson.DepthMax;
    private const int NodesMax = 500_000;

    private readonly Parser _parser;
    private readonly Dictionary<string, int> _lines = [];
    private readonly Dictionary<string, (JsonNode? Node, int Count)> _anchors = [];
    private int _nodes;

    private YamlReader(string text) => _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));

    /// <summary>Reads one document; an empty text is an empty one.</summary>
    /// <exception cref="ConfigSyntaxException">Not YAML, or outside the bounds above.</exception>
    public static ConfigTree Read(string text)
    {
        if (text.Length > CharactersMax)
            throw new ConfigSyntaxException($"the text has {text.Length} characters; at most {CharactersMax} are read", line: null);
        try
        {
            return new YamlReader(text).ReadDocument();
        }
        catch (YamlException e)
        {
            throw new ConfigSyntaxException($"not YAML: {e.Message}", (int)e.Start.Line, e);
        }
    }

    private ConfigTree ReadDocument()
    {
        _parser.Consume<StreamStart>();
        JsonNode? root = null;
        if (_parser.TryConsume<DocumentStart>(out _))
        {
            root = ReadNode("", depth: 0);
            _parser.Consume<DocumentEnd>();
        }

        if (_parser.Accept<DocumentStart>(out DocumentStart? second))
            throw new ConfigSyntaxException("a second document starts here: a configuration is one document", Line(second));
        return new ConfigTree(root, _lines, EmptyIsDefault: true);
    }

    private JsonNode? ReadNode(string pointer, int depth)
    {
        ParsingEvent start = _parser.Current ?? throw new ConfigSyntaxException("the text ends too early", line: null);
        if (depth > DepthMax)
            throw new ConfigSyntaxException($"nested deeper than {DepthMax} levels", Line(start));
        _lines.TryAdd(pointer, Line(start));
        if (_parser.TryConsume<AnchorAlias>(out AnchorAlias? alias))
            return Repeat(alias);

        Charge(1, start);
        int before = _nodes;
        RefuseTag(start as NodeEvent);
        JsonNode? node = start switch
        {
            Scalar => YamlScalar.ToNode(_parser.Consume<Scalar>()),
            SequenceStart => ReadSequence(pointer, depth),
            MappingStart => ReadMapping(pointer, depth),
            _ => throw new ConfigSyntaxException("expected a value", Line(start)),
        };
        if (start is NodeEvent { Anchor.IsEmpty: false } anchored)
            _anchors[anchored.Anchor.Value] = (node, _nodes - before + 1);
        return node;
    }

    private JsonArray ReadSequence(string pointer, int depth)
    {
        _parser.Consume<SequenceStart>();
        JsonArray array = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
            array.Add(ReadNode($"{pointer}/{array.Count}", depth + 1));
        return array;
    }

    private JsonObject ReadMapping(string pointer, int depth)
    {
        _parser.Consume<MappingStart>();
        JsonObject mapping = [];
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out Scalar? key))
                throw new ConfigSyntaxException("a key must be text", Line(_parser.Current!));
            if (mapping.ContainsKey(key.Value))
                throw new ConfigSyntaxException($"\"{key.Value}\" is there twice", Line(key));
            string at = pointer + StrictJson.Step(key.Value);
            _lines.TryAdd(at, Line(key));
            mapping.Add(key.Value, ReadNode(at, depth + 1));
        }

        return mapping;
    }

    private JsonNode? Repeat(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out (JsonNode? Node, int Count) anchored))
            throw new ConfigSyntaxException($"*{alias.Value} names no anchor that is complete before it", Line(alias));
        Charge(anchored.Count, alias);
        return anchored.Node?.DeepClone();
    }

    private void Charge(int nodes, ParsingEvent at)
    {
        _nodes += nodes;
        if (_nodes > NodesMax)
            throw new ConfigSyntaxException($"more than {NodesMax} values, with what aliases repeat", Line(at));
    }

    private static void RefuseTag(NodeEvent? node)
    {
        if (node is { Tag: { IsEmpty: false, IsNonSpecific: false } })
            throw new ConfigSyntaxException($"tags such as {node.Tag} are not used here", Line(node));
    }

    private static int Line(ParsingEvent at) => (int)at.Start.Line;
}
