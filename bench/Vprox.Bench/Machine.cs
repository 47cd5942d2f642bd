using System.Runtime.InteropServices;

namespace Vprox.Bench;

/// <summary>What the figures were measured on.</summary>
public static class Machine
{
    /// <summary>Processor, cores, memory, kernel, runtime and load, in one line.</summary>
    public static string Describe()
    {
        var processor = Field("/proc/cpuinfo", "model name");
        var memory = Field("/proc/meminfo", "MemTotal");
        var load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return $"{processor}, {Environment.ProcessorCount} cores, {memory} of memory, Linux {Environment.OSVersion.Version}, "
            + $"{RuntimeInformation.FrameworkDescription}, load {load}";
    }

    private static string Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? $"unknown {name}";
}
