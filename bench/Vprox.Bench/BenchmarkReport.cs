using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vprox.Bench;

/// <summary>Collects figures and prints each when it comes.</summary>
public sealed class BenchmarkReport(TextWriter output)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<BenchmarkFigure> _figures = [];

    /// <summary>Takes a figure. See <see cref="BenchmarkFigure"/>.</summary>
    public void Add(string figure, double value, string unit, double? peer = null, string? method = null)
    {
        var taken = new BenchmarkFigure(figure, value, unit, peer, method);
        _figures.Add(taken);
        var text = string.Create(CultureInfo.InvariantCulture, $"  {figure,-44} {value,12:#,0.###} {unit}");
        if (taken.Ratio is { } ratio)
            text += string.Create(CultureInfo.InvariantCulture, $"   beside {peer:#,0.###} {unit}: ratio {ratio:0.000}");
        output.WriteLine(method is null ? text : $"{text}   ({method})");
    }

    /// <summary>Prints what a reader must know and no figure says.</summary>
    public void Remark(string text) => output.WriteLine($"  {text}");

    /// <summary>All figures as {"results":[{"figure","value","unit","peer","ratio","method"}]}.</summary>
    public string Json() => new JsonObject
    {
        ["results"] = new JsonArray([.. _figures.Select(figure => new JsonObject
        {
            ["figure"] = figure.Figure,
            ["value"] = figure.Value,
            ["unit"] = figure.Unit,
            ["peer"] = figure.Peer,
            ["ratio"] = figure.Ratio,
            ["method"] = figure.Method,
        })]),
    }.ToJsonString(Indented);
}
