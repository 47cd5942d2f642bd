using System.Diagnostics;
using System.Globalization;

namespace Vprox.Lab.Demo;

/// <summary>The demo's lines, aligned: what was done, what was seen, how long it took.</summary>
internal sealed class Screen(TextWriter output)
{
    private const int StepWidth = 46;
    private const int ResultWidth = 18;

    public void Title(string text) => output.WriteLine($"\n{text}");

    public void Say(string text) => output.WriteLine($"  {text}");

    /// <summary>What a person waits for.</summary>
    public void Progress(string what) => Say($"starting {what} ...");

    public void Fact(string what, string value) => output.WriteLine($"  {what.PadRight(StepWidth)}{value}");

    /// <summary>Does a step and prints its result with the time it took.</summary>
    public async Task<string> StepAsync(string what, Func<Task<string>> step)
    {
        await output.WriteAsync($"  {what.PadRight(StepWidth)}");
        await output.FlushAsync();
        var started = Stopwatch.GetTimestamp();
        var result = await step();
        await output.WriteLineAsync($"{result.PadRight(ResultWidth)}{Time(Stopwatch.GetElapsedTime(started)),9}");
        return result;
    }

    private static string Time(TimeSpan span) => span < TimeSpan.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s");
}
