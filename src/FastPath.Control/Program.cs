System.Console.WriteLine("fastpathd");
