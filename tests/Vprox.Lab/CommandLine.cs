namespace Vprox.Lab;

/// <summary>The lab's program: the parts that run as processes of their own, and what a person types.</summary>
public static class CommandLine
{
    private const string Usage = "usage: Vprox.Lab demo [--keep] | clean | cloud <options.json> | internet";

    public static async Task<int> RunAsync(string[] args)
    {
        await Console.Error.WriteLineAsync(Usage);
        return 64;
    }
}
